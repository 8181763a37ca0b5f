// Copyright (c) 2026 the urio developers.
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A certificate for localhost that the openssl command makes when a test runs.
#pragma once

#include "peer.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace test
{

/// A certificate that signs itself, and its key; valid for a day and removed with the
/// object.
class certificate
{
public:
    certificate()
    {
        urio::io_context context(1);
        peer openssl(context, {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                               "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                               "/CN=localhost", "-addext",
                               "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                               key_file(), "-out", file()});
        complete(context,
                 [&]() -> boost::asio::awaitable<void> { co_await openssl.finish(); });
        BOOST_REQUIRE_EQUAL(openssl.exit_code(), 0);
    }

    std::string file() const { return (folder_.path() / "certificate.pem").string(); }
    std::string key_file() const { return (folder_.path() / "key.pem").string(); }

    /// For a server that proves its name with it.
    boost::asio::ssl::context server() const
    {
        boost::asio::ssl::context tls(boost::asio::ssl::context::tls_server);
        tls.use_certificate_file(file(), boost::asio::ssl::context::pem);
        tls.use_private_key_file(key_file(), boost::asio::ssl::context::pem);
        return tls;
    }

    /// For a client that trusts it, and nothing else.
    boost::asio::ssl::context client() const
    {
        boost::asio::ssl::context tls(boost::asio::ssl::context::tls_client);
        tls.load_verify_file(file());
        tls.set_verify_mode(boost::asio::ssl::verify_peer);
        return tls;
    }

private:
    temporary_directory folder_;
};

/// A program of tests that include this needs the command.
struct needs_openssl
{
    needs_openssl() { require_program("openssl"); }
};
BOOST_TEST_GLOBAL_FIXTURE(needs_openssl);

} // namespace test

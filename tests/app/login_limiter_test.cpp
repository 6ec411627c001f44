#include "app/web/login_limiter.h"

#include <gtest/gtest.h>

namespace avtalskoll::app::web {
namespace {

TEST(LoginLimiter, StopsGuessingFromOneAddressAndNoOther) {
    LoginLimiter limiter;
    for (int i = 0; i < LoginLimiter::kMostFailures; ++i)
        EXPECT_TRUE(limiter.begin("anna", "10.0.0.1"));
    EXPECT_FALSE(limiter.begin("anna", "10.0.0.1"));
    EXPECT_TRUE(limiter.begin("anna", "10.0.0.2"));
    EXPECT_TRUE(limiter.begin("bo", "10.0.0.1"));
    limiter.succeeded("anna", "10.0.0.1");
    EXPECT_TRUE(limiter.begin("anna", "10.0.0.1"));
    for (int i = 0; i < 10 * LoginLimiter::kMostFailures; ++i)
        limiter.begin("user " + std::to_string(i), "10.0.0.3");
    EXPECT_FALSE(limiter.begin("another", "10.0.0.3"));
}

TEST(LoginLimiter, BehindAWebServerOnlyNamesCount) {
    LoginLimiter limiter;
    for (const char* peer : {"127.0.0.1", ""}) {
        for (int i = 0; i < 20 * LoginLimiter::kMostFailures; ++i)
            limiter.begin("user " + std::to_string(i), peer);
        EXPECT_TRUE(limiter.begin("anna", peer)) << peer;
    }
}

}  // namespace
}  // namespace avtalskoll::app::web

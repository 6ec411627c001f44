// The queue against a real RabbitMQ server.
#include "app/queue/work_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <thread>

#include "models/error.h"
#include "tests/support/rabbitmq_server.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WorkQueueTest : public testing::Test {
protected:
    static RabbitmqServer& server() { return RabbitmqServer::shared(); }
    static std::optional<Delivery> next(WorkQueue& queue) {
        for (int tries = 0; tries < 50; ++tries)
            if (auto delivery = queue.next(milliseconds(100))) return delivery;
        return std::nullopt;
    }
    std::string refusal(const std::string& url) const {
        try {
            WorkQueue queue(queue_place(url));
        } catch (const Error& e) {
            EXPECT_EQ(std::string(e.what()).find("hemligt"), std::string::npos) << e.what();
            EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
            return e.what();
        }
        return {};
    }

    const std::string url_ = server().new_vhost();
    const QueuePlace place_ = queue_place(url_);
};

TEST_F(WorkQueueTest, WhatIsPublishedIsDeliveredUntilItIsAcknowledged) {
    WorkQueue sender(place_);
    const std::vector<QueuedWork> works{{1, "one"}, {2, "two"}};
    EXPECT_EQ(sender.publish(works, seconds(10)), (std::vector{true, true}));
    {
        WorkQueue worker(place_);
        worker.consume(QueueName::ToCheck, 2);
        const auto first = next(worker), second = next(worker);
        ASSERT_TRUE(first && second);
        EXPECT_EQ(first->work, works[0]);
        EXPECT_EQ(second->work, works[1]);
        EXPECT_EQ(first->earlier, 0);
        worker.acknowledge(first->tag);
    }
    WorkQueue other(place_);
    other.consume(QueueName::ToCheck, 2);
    const auto again = next(other);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->work, works[1]);
    EXPECT_EQ(again->earlier, 1);
    other.acknowledge(again->tag);
    EXPECT_FALSE(other.next(milliseconds(300)));
}

TEST_F(WorkQueueTest, WhatNobodyCanFinishComesToTheDead) {
    WorkQueue(place_).publish({{7, "poison"}, {8, "refused"}, {9, "good"}}, seconds(10));
    std::vector<int> tries;
    std::vector<std::int64_t> others;
    while (others.size() < 2) {
        WorkQueue worker(place_);
        worker.consume(QueueName::ToCheck, 1);
        for (bool ended = false; !ended;) {
            const auto delivery = next(worker);
            ASSERT_TRUE(delivery);
            ended = delivery->work->submission == 7;  // the connection is lost
            if (ended) tries.push_back(delivery->earlier);
            else if (delivery->work->submission == 8) worker.reject(delivery->tag);
            else worker.acknowledge(delivery->tag);
            if (!ended) others.push_back(delivery->work->submission);
            ended = ended || others.size() == 2;
        }
    }
    EXPECT_EQ(tries, (std::vector{0, 1, 2, 3}));
    EXPECT_EQ(others, (std::vector<std::int64_t>{8, 9}));
    WorkQueue keeper(place_);
    keeper.consume(QueueName::Dead, 10);
    std::map<std::int64_t, std::string> dead;
    while (dead.size() < 2) {
        const auto delivery = next(keeper);
        ASSERT_TRUE(delivery);
        dead[delivery->work->submission] = delivery->death;
    }
    EXPECT_EQ(dead, (std::map<std::int64_t, std::string>{{7, "delivery_limit"}, {8, "rejected"}}));
}

TEST_F(WorkQueueTest, AWorkerThatIsStoppedGivesBackWhatItHasNot) {
    WorkQueue(place_).publish({{1, "one"}, {2, "two"}}, seconds(10));
    WorkQueue worker(place_);
    worker.consume(QueueName::ToCheck, 1);
    const auto first = next(worker);
    ASSERT_TRUE(first);
    worker.stop_consuming();
    worker.acknowledge(first->tag);
    EXPECT_FALSE(worker.next(milliseconds(300)));
    WorkQueue other(place_);
    other.consume(QueueName::ToCheck, 1);
    EXPECT_EQ(next(other)->work->submission, 2);
}

TEST_F(WorkQueueTest, AConnectionOutlivesItsHeartbeats) {
    WorkQueue(place_).publish({{1, "one"}}, seconds(10));
    QueuePlace hasty = place_;
    hasty.heartbeat_seconds = 1;
    WorkQueue worker(hasty);
    worker.consume(QueueName::ToCheck, 1);
    const auto delivery = next(worker);
    for (int i = 0; i < 50; ++i)  // five heartbeats
        EXPECT_FALSE(worker.next(milliseconds(100)));
    worker.acknowledge(delivery->tag);
    EXPECT_FALSE(worker.next(milliseconds(500)));
}

TEST_F(WorkQueueTest, AFullDiskIsToldWithinTheTimeLimit) {
    WorkQueue sender(place_);
    server().control("set_disk_free_limit 900000GB");
    std::this_thread::sleep_for(milliseconds(500));
    const auto began = std::chrono::steady_clock::now();
    std::string told;
    try {
        sender.publish({{1, "one"}}, seconds(3));
    } catch (const Error& e) {
        told = e.what();
    }
    const auto took = std::chrono::steady_clock::now() - began;
    server().control("set_disk_free_limit 50MB");
    EXPECT_NE(told.find("takes nothing now (low on disk)"), std::string::npos) << told;
    EXPECT_LT(took, seconds(6));
    WorkQueue later(place_);
    EXPECT_EQ(later.publish({{2, "two"}}, seconds(10)), std::vector{true});
}

TEST_F(WorkQueueTest, RefusesWhatItCannotUseInOneLine) {
    std::string wrong = url_;
    wrong.replace(wrong.find("hemligt"), 7, "fel");
    EXPECT_NE(refusal(wrong).find("the password comes from"), std::string::npos) << refusal(wrong);
    EXPECT_NE(refusal(url_ + "nowhere"), "");
    EXPECT_NE(refusal("amqp://a@127.0.0.1:1/x").find("cannot be reached"), std::string::npos);
    EXPECT_NE(refusal("http://127.0.0.1").find("--queue"), std::string::npos);
    EXPECT_EQ(refusal(url_), "");
    const std::string vhost = url_.substr(url_.rfind('/') + 1);
    server().control("delete_queue -p " + vhost + " avtalskoll.work");
    server().control("eval 'rabbit_amqqueue:declare({resource, <<\"" + vhost +
                     "\">>, queue, <<\"avtalskoll.work\">>}, true, false, [], none, "
                     "<<\"test\">>).'");
    EXPECT_NE(refusal(url_).find("other properties"), std::string::npos) << refusal(url_);
}

TEST_F(WorkQueueTest, OverTlsOnlyAServerWhoseCertificateHoldsIsUsed) {
    const std::string url = server().over_tls(url_);
    ::setenv("AVTALSKOLL_QUEUE_CA", server().authority().c_str(), 1);
    WorkQueue queue(queue_place(url));
    EXPECT_EQ(queue.publish({{1, "one"}}, seconds(10)), std::vector{true});
    WorkQueue worker(queue_place(url));
    worker.consume(QueueName::ToCheck, 1);
    EXPECT_TRUE(next(worker));

    const std::string elsewhere = std::regex_replace(url, std::regex("localhost"), "127.0.0.1");
    EXPECT_NE(refusal(elsewhere).find("certificate is not for the name 127.0.0.1"),
              std::string::npos)
        << refusal(elsewhere);
    ::unsetenv("AVTALSKOLL_QUEUE_CA");
    EXPECT_NE(refusal(url).find("certificate is of no authority in /etc"), std::string::npos)
        << refusal(url);
    ::setenv("AVTALSKOLL_QUEUE_CA", "/nowhere", 1);
    EXPECT_NE(refusal(url).find("AVTALSKOLL_QUEUE_CA"), std::string::npos) << refusal(url);
    ::unsetenv("AVTALSKOLL_QUEUE_CA");
}

TEST_F(WorkQueueTest, PasswordsComeFromAFileOrTheEnvironment) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "password") << "from file\n";
    EXPECT_EQ(queue_place("amqp://me@host/").vhost, "/");
    ::setenv("AVTALSKOLL_QUEUE_PASSWORD", "from environment", 1);
    EXPECT_EQ(queue_place("amqp://me@host:99/v").password, "from environment");
    ::setenv("AVTALSKOLL_QUEUE_PASSWORD_FILE", (folder.path() / "password").c_str(), 1);
    const QueuePlace place = queue_place("amqps://me@host/v");
    EXPECT_EQ(place.password, "from file");
    EXPECT_EQ(place.port, 5671);
    EXPECT_EQ(place.shown(), "amqps://me@host:5671/v");
    ::setenv("AVTALSKOLL_QUEUE_PASSWORD_FILE", "/nowhere", 1);
    EXPECT_THROW(queue_place("amqp://me@host"), Error);
    ::unsetenv("AVTALSKOLL_QUEUE_PASSWORD_FILE");
    ::unsetenv("AVTALSKOLL_QUEUE_PASSWORD");
}

}  // namespace
}  // namespace avtalskoll::app

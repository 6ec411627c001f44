// The real submit, worker, dead and store commands on real servers, as their users run them.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <thread>
#include <tuple>

#include "app/store/store.h"
#include "app/store/work_store.h"
#include "tests/support/postgresql_server.h"
#include "tests/support/rabbitmq_server.h"
#include "tests/support/run_program.h"

extern char** environ;

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The program in the background, with its log in JSON.
class RunningProgram {
public:
    RunningProgram(const std::string& arguments, fs::path log) : log_(std::move(log)) {
        std::string command = "exec '" + kProgram.string() + "' " + arguments + " --log json 2> '" +
                              log_.string() + "'";
        std::string shell = "/bin/sh", option = "-c";
        char* words[] = {shell.data(), option.data(), command.data(), nullptr};
        if (::posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, words, environ) != 0)
            throw std::runtime_error("the program does not start");
    }
    ~RunningProgram() {
        if (pid_ > 0) ::kill(pid_, SIGKILL);
        if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    // The exit status after SIGTERM.
    int stop() {
        int status = 0;
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::vector<json> log() const {
        std::vector<json> lines;
        std::ifstream in(log_);
        for (std::string line; std::getline(in, line) && !in.eof();)
            lines.push_back(json::parse(line));
        return lines;
    }
    // The first URL that it says after these words; waits for it.
    std::string url_after(const std::string& words) const {
        for (int tries = 0; tries < 300; ++tries) {
            if (std::string url = said_url(words); !url.empty()) return url;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return {};
    }

private:
    std::string said_url(const std::string& words) const {
        static const std::regex kUrl("http://[^ ]+");
        for (const json& line : log()) {
            const std::string message = line.at("message");
            std::smatch found;
            if (message.starts_with(words) && std::regex_search(message, found, kUrl))
                return found[0];
        }
        return {};
    }

    fs::path log_;
    pid_t pid_ = 0;
};

std::string fetched(const std::string& url) {
    const TemporaryFolder folder;
    const fs::path page = folder.path() / "page";
    const std::string command = "curl -s -o '" + page.string() + "' '" + url + "'";
    return std::system(command.c_str()) == 0 ? slurp(page) : "";
}

class Workers : public testing::Test {
protected:
    Workers() {
        place_.database = PostgresqlServer::shared().new_database();
        place_.originals = (folder_.path() / "originals").string();
        // Passwords come from the environment, as they must.
        const std::string queue = RabbitmqServer::shared().new_vhost();
        ::setenv("AVTALSKOLL_STORE", place_.database.c_str(), 1);
        ::setenv("AVTALSKOLL_QUEUE", queue.c_str(), 1);
        ::setenv("AVTALSKOLL_ORIGINALS", place_.originals.c_str(), 1);
    }
    ~Workers() override {
        for (const char* name : {"AVTALSKOLL_STORE", "AVTALSKOLL_QUEUE", "AVTALSKOLL_ORIGINALS"})
            ::unsetenv(name);
    }
    fs::path log() const { return folder_.path() / "log"; }

    const TemporaryFolder folder_;
    app::StorePlace place_;
};

// But for the timing, which differs from run to run.
std::string told(const std::string& report) {
    json read = json::parse(report);
    read.erase("timing");
    return read.dump(1);
}

// Of metrics.txt and of /metrics: name, type, and the values of its labels.
using Metric = std::tuple<std::string, std::string, std::set<std::string>>;

std::set<Metric> listed_metrics() {
    std::ifstream in(fs::path(AVTALSKOLL_SOURCE_DIR) / "app/packaging/prometheus/metrics.txt");
    std::set<Metric> metrics;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        std::istringstream words(line);
        std::string name, type, label;
        words >> name >> type;
        std::set<std::string> values;
        for (words >> label; !label.empty(); label.clear(), words >> label) {
            std::istringstream of_it(label.substr(label.find('=') + 1));
            if (label.find('=') == std::string::npos) continue;  // others on each machine
            for (std::string value; std::getline(of_it, value, '|');) values.insert(value);
        }
        metrics.emplace(name, type, values);
    }
    return metrics;
}

std::set<Metric> exported_metrics(const std::string& page) {
    static const std::regex kType("# TYPE (\\w+) (\\w+)"), kLabel("\\{(\\w+)=\"([^\"]*)\"\\}");
    std::map<std::string, std::pair<std::string, std::set<std::string>>> found;
    std::istringstream in(page);
    std::string name;
    std::smatch of_it;
    for (std::string line; std::getline(in, line);) {
        if (std::regex_search(line, of_it, kType)) {
            name = of_it[1];
            found[name].first = of_it[2];
        } else if (std::regex_search(line, of_it, kLabel) && of_it[1] != "le" &&
                   of_it[1] != "version") {
            found[name].second.insert(of_it[2]);
        }
    }
    std::set<Metric> metrics;
    for (const auto& [of_name, of_type] : found)
        metrics.emplace(of_name, of_type.first, of_type.second);
    return metrics;
}

TEST_F(Workers, AReportIsTheSameWhicheverWayItWasChecked) {
    const std::string sample = (kSamples / "2-signature-missing").string();
    const fs::path out = folder_.path() / "out";
    ::unsetenv("AVTALSKOLL_STORE");
    run("check '" + sample + "' --out '" + out.string() + "'");
    ::setenv("AVTALSKOLL_STORE", place_.database.c_str(), 1);
    RunningProgram worker("worker --jobs 1 --metrics 127.0.0.1:0", log());
    const Outcome submitted = run("submit --wait '" + sample + "'");
    EXPECT_EQ(submitted.status, 1) << submitted.err;
    EXPECT_NE(submitted.out.find("incomplete  2-signature-missing"), std::string::npos)
        << submitted.out;
    const auto report = app::open_store(place_, false)->latest_report("2-signature-missing");
    ASSERT_TRUE(report);
    EXPECT_EQ(told(report->json), told(slurp(out / "2-signature-missing" / "report.json")));
    EXPECT_EQ(report->html, slurp(out / "2-signature-missing" / "report.html"));
    EXPECT_EQ(run("submit '" + sample + "'").out, "2-signature-missing: known already\n");

    const std::string url = worker.url_after("metrics on ");
    const std::string metrics = fetched(url);
    EXPECT_NE(metrics.find("avtalskoll_submissions_total{verdict=\"incomplete\"} 1"),
              std::string::npos)
        << url << metrics;
    EXPECT_NE(metrics.find("avtalskoll_store_up 1"), std::string::npos);
    EXPECT_EQ(exported_metrics(metrics), listed_metrics());
    const std::string base = url.substr(0, url.rfind('/'));
    EXPECT_EQ(fetched(base + "/healthz"), "ok\n");
    EXPECT_EQ(fetched(base + "/readyz"), "ready\n");
    EXPECT_EQ(worker.stop(), 0);
    int of_it = 0;
    for (const json& line : worker.log()) of_it += line.value("submission", 0) == 1;
    EXPECT_EQ(of_it, 2) << "begun, and the verdict";
}

TEST_F(Workers, ThePagesAreReadyWhileTheStoreAnswers) {
    PostgresqlServer own;
    ::setenv("AVTALSKOLL_STORE", own.new_database().c_str(), 1);
    RunningProgram pages("serve --listen 127.0.0.1:0", log());
    const std::string url = pages.url_after("listening on ");
    EXPECT_EQ(fetched(url + "/healthz"), "ok\n");
    EXPECT_EQ(fetched(url + "/readyz"), "ready\n");
    own.kill();
    EXPECT_EQ(fetched(url + "/readyz"), "the store does not answer\n");
    EXPECT_EQ(fetched(url + "/healthz"), "ok\n");
    own.start();
    EXPECT_EQ(fetched(url + "/readyz"), "ready\n");
    EXPECT_EQ(pages.stop(), 130);
}

// As on a disk that several machines share.
TEST_F(Workers, UploadsOfAnotherServerAreLeftAlone) {
    const auto folders = [&] {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(place_.originals + ".uploads"))
            count += entry.is_directory() ? 1 : 0;
        return count;
    };
    const std::string serve = "serve --listen 127.0.0.1:0";
    auto first = std::make_unique<RunningProgram>(serve, log());
    EXPECT_FALSE(first->url_after("listening on ").empty());
    {
        RunningProgram second(serve, folder_.path() / "log 2");
        EXPECT_FALSE(second.url_after("listening on ").empty());
        EXPECT_EQ(folders(), 2U);
        EXPECT_EQ(second.stop(), 130);
        EXPECT_EQ(folders(), 1U);
    }
    first.reset();  // killed
    EXPECT_EQ(folders(), 1U);
    RunningProgram third(serve, folder_.path() / "log 3");
    EXPECT_FALSE(third.url_after("listening on ").empty());
    EXPECT_EQ(folders(), 1U) << "the dead one's is removed";
}

// A log that cannot be written, as on a full disk.
TEST_F(Workers, ALogThatCannotBeWrittenEndsNothing) {
    const std::string sample = (kSamples / "2-signature-missing").string();
    EXPECT_EQ(run("submit '" + sample + "'").status, 0);
    RunningProgram worker("worker --jobs 1", "/dev/full");
    EXPECT_EQ(run("submit --wait '" + sample + "'").status, 1);
    EXPECT_EQ(worker.stop(), 0);
}

TEST_F(Workers, IntakeGoesOnWithoutAQueue) {
    ::setenv("AVTALSKOLL_QUEUE", "amqp://nobody@127.0.0.1:1/", 1);
    const Outcome outcome = run("submit '" + (kSamples / "4-agreement-missing").string() + "'");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("cannot be reached"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("1 submission is safe in the store"), std::string::npos);
    EXPECT_EQ(app::open_work_store(place_, 1)->state().unsent, 1);
}

TEST_F(Workers, TheWatchHandsIn) {
    const fs::path inbox = folder_.path() / "inbox";
    fs::create_directories(inbox);
    fs::copy(kSamples / "4-agreement-missing", inbox / "a");
    const Outcome watched =
        run("watch '" + inbox.string() + "' --once --quiet-seconds 0 --log json");
    EXPECT_EQ(watched.status, 0) << watched.err;
    const auto state = app::open_work_store(place_, 1)->state();
    EXPECT_EQ(state.waiting, 1);
    EXPECT_EQ(state.unsent, 0);
}

TEST_F(Workers, DeadLettersAreListedShownAndTriedAgain) {
    run("submit '" + (kSamples / "4-agreement-missing").string() + "'");
    const std::string id = app::open_store(place_, false)->list("").at(0).id;
    const auto stored = app::open_store(place_, false)->find(id);
    app::open_work_store(place_, 1)->bury({stored->key, stored->content}, true, "rejected");
    EXPECT_NE(run("dead list").out.find("rejected"), std::string::npos);
    EXPECT_EQ(json::parse(run("dead list --format json").out).at("id"), id);
    EXPECT_NE(run("dead show '" + id + "'").out.find("rejected"), std::string::npos);
    EXPECT_EQ(run("dead show nobody").status, 2);
    EXPECT_EQ(run("dead retry '" + id + "'").out,
              "1 submission put into the queue's outbox again\n");
    EXPECT_EQ(run("dead list").out, "");
}

TEST_F(Workers, ABackupIsAStore) {
    run("submit '" + (kSamples / "4-agreement-missing").string() + "'");
    const std::string copy = (folder_.path() / "copy.db").string();
    const Outcome backup = run("store backup '" + copy + "'");
    EXPECT_EQ(backup.status, 0) << backup.err;
    EXPECT_NE(backup.out.find("1  submissions"), std::string::npos) << backup.out;
    EXPECT_EQ(run("store backup '" + copy + "'").status, 2);
    ::unsetenv("AVTALSKOLL_ORIGINALS");
    EXPECT_EQ(run("doctor --store '" + copy + "'").status, 0);
    EXPECT_EQ(app::open_store(fs::path(copy), false)->list("").size(), 1U);
}

}  // namespace
}  // namespace avtalskoll

// The checker that holds the forms as they are registered now: a server goes on while one is
// registered or changed.
#pragma once
#include <memory>
#include <mutex>

#include "app/service/checker.h"

namespace avtalskoll::app {

// Safe from many threads.
class CurrentChecker {
public:
    // Throws as Checker does.
    CurrentChecker(const CheckerOptions& options, const pipeline::StopFlag& stop);

    // Whoever checks holds on to one: its forms and versions belong together.
    std::shared_ptr<const Checker> get() const;
    std::shared_ptr<const FormSet> forms() const;

    // Reads forms, models and registers anew. Throws as Checker does; then all stays as it was.
    void reload();

    // A checker with the same options and forms of its own.
    std::unique_ptr<const Checker> with_forms(const std::filesystem::path& forms) const;

private:
    const CheckerOptions options_;
    const pipeline::StopFlag& stop_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Checker> checker_;
};

}  // namespace avtalskoll::app

#include "app/service/current_checker.h"

#include <utility>

namespace avtalskoll::app {

CurrentChecker::CurrentChecker(const CheckerOptions& options, const pipeline::StopFlag& stop)
    : options_(options), stop_(stop), checker_(std::make_shared<const Checker>(options, stop)) {}

std::shared_ptr<const Checker> CurrentChecker::get() const {
    const std::lock_guard lock(mutex_);
    return checker_;
}

std::shared_ptr<const FormSet> CurrentChecker::forms() const {
    const auto checker = get();
    return {checker, &checker->forms()};
}

void CurrentChecker::reload() {
    auto anew = std::make_shared<const Checker>(options_, stop_);
    const std::lock_guard lock(mutex_);
    std::swap(checker_, anew);
}

std::unique_ptr<const Checker> CurrentChecker::with_forms(
    const std::filesystem::path& forms) const {
    CheckerOptions options = options_;
    options.forms = forms;
    options.jobs = 1;
    return std::make_unique<const Checker>(options, stop_);
}

}  // namespace avtalskoll::app

// The command line's common parts: groups of options that several commands share, and the way from
// a command's arguments to its work.
#pragma once
#include <CLI/CLI.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "app/cli/console.h"
#include "app/cli/work.h"
#include "app/mail/mail_carrier.h"
#include "app/service/checker.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

// `run` with `options` becomes the work when `command` is given. The command keeps the options.
template <class Options>
void when_given(CLI::App* command, Work& work, int (*run)(const Options&),
                const std::shared_ptr<Options>& options) {
    command->callback([&work, run, options] { work = [run, options] { return run(*options); }; });
}

// Accepts one of the words of `inner`, which maps each word to the text that the option is read
// from. The error names the words; CLI11's own error would name the inner texts.
CLI::Validator one_of_words(const std::map<std::string, std::string>& inner);

// One of a map's words, for an option that is an enum or a bool.
template <class Value>
CLI::Validator one_of(const std::map<std::string, Value>& words) {
    std::map<std::string, std::string> inner;
    for (const auto& [word, value] : words) inner[word] = std::to_string(static_cast<int>(value));
    return one_of_words(inner);
}

// The variables must live as long as `to`.
void add_forms(CLI::App* to, std::filesystem::path& forms);
void add_sandbox(CLI::App* to, bool& require_landlock);
void add_store(CLI::App* to, StorePlace& store, bool required);
// `url`: of the queue; empty: none. It and the environment are read by queue_place().
void add_queue(CLI::App* to, std::string& url, bool required);
// Where mail goes.
void add_mail(CLI::App* to, MailPlace& mail);
// `--log`: of the lines on standard error.
void add_log(CLI::App* to);
void add_format(CLI::App* to, OutputFormat& format);

// The options of checking itself, for `check`, `watch`, `worker` and `serve`.
void add_engine(CLI::App* to, CheckerOptions& options);

// The options for finding submissions, for `check`, `watch` and `submit`.
void add_intake(CLI::App* to, pipeline::IntakeOptions& intake);

}  // namespace avtalskoll::app

#include "app/cli/options.h"

#include <fmt/format.h>

#include "app/cli/usage.h"
#include "app/service/log_line.h"
#include "rules/caution.h"

namespace avtalskoll::app {
namespace {

// How much of the machine a document may take.
void add_limits(CLI::App* to, ocr::RasterLimits& limits) {
    const auto number = [&](const char* name, auto& value, const char* meaning, auto least,
                            auto most) {
        to->add_option(name, value, meaning)
            ->check(CLI::Range(least, most))
            ->capture_default_str()
            ->type_name("N")
            ->group("Limits");
    };
    const auto megabytes = [&](const char* name, std::uint64_t& bytes, const std::string& meaning,
                               std::uint64_t least, std::uint64_t most) {
        to->add_option_function<std::uint64_t>(
              name, [&bytes](std::uint64_t mb) { bytes = mb << 20; },
              fmt::format("{} [{}]", meaning, bytes >> 20))
            ->check(CLI::Range(least, most))
            ->type_name("N")
            ->group("Limits");
    };
    megabytes("--max-file-mb", limits.max_file_bytes, "Megabytes a document may have", 1, 4096);
    number("--max-pages", limits.max_pages, "Pages a document may have", 1, 100'000);
    number("--max-page-pixels", limits.max_page_pixels, "Pixels a page may have when drawn",
           1'000'000, 400'000'000);
    number("--max-page-seconds", limits.max_page_seconds,
           "Seconds that a page, or the opening, may take", 1, 3600);
    number("--max-document-seconds", limits.max_document_seconds,
           "Seconds that drawing a document may take", 1, 36'000);
    megabytes("--max-memory-mb", limits.max_memory_bytes,
              "Megabytes that drawing a document may take", 256, 65'536);
    add_sandbox(to, limits.require_landlock);
}

}  // namespace

CLI::Validator one_of_words(const std::map<std::string, std::string>& inner) {
    std::vector<std::string> choices;
    for (const auto& [word, value] : inner) choices.push_back(word);
    const auto check = [inner, choices](std::string& word) {
        const auto at = inner.find(word);
        if (at == inner.end())
            return fmt::format("'{}' is not one of: {}{}", word, fmt::join(choices, ", "),
                               did_you_mean(word, choices));
        word = at->second;
        return std::string();
    };
    return CLI::Validator(check, "", "");
}

void add_forms(CLI::App* to, std::filesystem::path& forms) {
    to->add_option("--forms", forms, "Folder of registered forms (default: the program's own)")
        ->type_name("DIR");
}

void add_sandbox(CLI::App* to, bool& require_landlock) {
    to->add_option_function<std::string>(
          "--sandbox",
          [&require_landlock](const std::string& level) {
              require_landlock = level == "require-landlock";
          },
          "require-landlock: refuse to open documents where the kernel cannot restrict paths "
          "(default: then they open no file at all)")
        ->check(CLI::IsMember({"require-landlock", "any"}))
        ->type_name("LEVEL")
        ->group("Limits");
}

void add_store(CLI::App* to, StorePlace& store, bool required) {
    CLI::Option* option = to->add_option("--store", store.database,
                                         "The store: a database file, or postgresql://HOST/NAME")
                              ->envname("AVTALSKOLL_STORE")
                              ->type_name("FILE|URL");
    if (required) option->required();
    to->add_option("--originals", store.originals,
                   "Folder of the originals, seen by every machine (default: FILE.files)")
        ->envname("AVTALSKOLL_ORIGINALS")
        ->type_name("DIR");
}

void add_queue(CLI::App* to, std::string& url, bool required) {
    CLI::Option* option = to->add_option("--queue", url,
                                         "The work queue, amqp://[USER@]HOST[:PORT][/VHOST]; "
                                         "amqps:// for TLS")
                              ->envname("AVTALSKOLL_QUEUE")
                              ->type_name("URL");
    if (required) option->required();
}

void add_mail(CLI::App* to, MailPlace& mail) {
    CLI::Option* spool =
        to->add_option("--mail-spool", mail.spool,
                       "Folder that mail is put into, as .eml files, for a mail server to take")
            ->type_name("DIR")
            ->group("Mail");
    CLI::Option* server = to->add_option("--mail-server", mail.server,
                                         "Mail server, smtp://HOST[:PORT] (with STARTTLS) or "
                                         "smtps://HOST[:PORT]")
                              ->type_name("URL")
                              ->excludes(spool)
                              ->group("Mail");
    to->add_option("--mail-from", mail.from, "Address that mail comes from")
        ->type_name("ADDRESS")
        ->group("Mail");
    to->add_option("--mail-credentials", mail.credentials,
                   "File with two lines, user and password, for the mail server")
        ->type_name("FILE")
        ->needs(server)
        ->group("Mail");
}

void add_log(CLI::App* to) {
    to->add_option_function<std::string>(
          "--log",
          [](const std::string& format) {
              set_log_format(format == "json" ? LogFormat::Json : LogFormat::Text);
          },
          "How lines on standard error are written (default: text)")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("text|json");
}

void add_format(CLI::App* to, OutputFormat& format) {
    to->add_option("--format", format, "What goes to standard output")
        ->transform(one_of(std::map<std::string, OutputFormat>{{"text", OutputFormat::Text},
                                                               {"json", OutputFormat::Json}}))
        ->type_name("text|json");
}

void add_engine(CLI::App* to, CheckerOptions& options) {
    add_forms(to, options.forms);
    to->add_option("--jobs", options.jobs, "Submissions at a time (default: one for each core)")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
    to->add_option("--caution", options.caution,
                   "How careful to be: 1 as measured, 4 asks a person more often, 0.25 less often "
                   "(docs/accuracy.md has the curve)")
        ->check(CLI::Range(rules::kLeastCaution, rules::kMostCaution))
        ->capture_default_str()
        ->type_name("X");
    add_limits(to, options.limits);
}

void add_intake(CLI::App* to, pipeline::IntakeOptions& intake) {
    to->add_option("--personal-data", intake.personal_data,
                   "Whether the data sets hold personal data, where submission.json does not say")
        ->transform(one_of(std::map<std::string, bool>{{"yes", true}, {"no", false}}))
        ->type_name("yes|no");
    to->add_flag("--each-file", intake.each_file,
                 "Take every PDF below a folder as a submission of its own");
}

}  // namespace avtalskoll::app

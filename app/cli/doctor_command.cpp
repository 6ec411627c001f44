#include "app/cli/doctor_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <string>

#include "app/cli/options.h"
#include "app/service/data_dir.h"
#include "app/store/store.h"
#include "models/error.h"
#include "ocr/document/rasterizer.h"
#include "ocr/ink/signature_model.h"
#include "ocr/reading/page_reader.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

class Examination {
public:
    bool well() const { return well_; }

    // `look` returns the text to show when all is well, and throws when it is not.
    void look_at(const std::string& what, const std::function<std::string()>& look) {
        try {
            const std::string said = look();
            fmt::print("ok    {}{}{}\n", what, said.empty() ? "" : ": ", said);
        } catch (const std::exception& e) {
            well_ = false;
            fmt::print("FAIL  {}: {}\n", what, e.what());
        }
    }
    static void remark(const std::string& what) { fmt::print("note  {}\n", what); }

private:
    bool well_ = true;
};

void examine_sandbox(Examination& examination, bool require_landlock) {
    ocr::SandboxReport sandbox;
    examination.look_at("sandbox: system calls", [&] {
        sandbox = ocr::test_sandbox();
        if (!sandbox.allowed.empty())
            throw Error(ErrorKind::Internal,
                        fmt::format("from inside it can {}", fmt::join(sandbox.allowed, ", ")));
        return fmt::format("denied from inside: {}", fmt::join(sandbox.denied, ", "));
    });
    if (sandbox.landlock)
        return examination.look_at("sandbox: Landlock",
                                   [] { return std::string("only typefaces can be read"); });
    const std::string missing =
        "the kernel has no Landlock (Linux 5.13 or later, switched on in 'lsm='); documents open "
        "no file at all, so pages with text in typefaces that they do not bring are "
        "unreadable";
    if (require_landlock)
        examination.look_at("sandbox: Landlock",
                            [&]() -> std::string { throw Error(ErrorKind::NotFound, missing); });
    else Examination::remark("sandbox: " + missing);
}

}  // namespace

int run_doctor(const DoctorOptions& options) {
    Examination examination;
    examine_sandbox(examination, options.require_landlock);
    examination.look_at("data", [] { return data_dir().string(); });
    examination.look_at("forms", [&] {
        const FormSet forms =
            pipeline::load_forms(options.forms.empty() ? data_dir() / "forms" : options.forms);
        return fmt::format("{} registered", forms.forms.size());
    });
    examination.look_at("texts and words", [] {
        const pipeline::Texts texts(data_dir() / "texts" / "sv.yaml");
        (void)pipeline::load_rule_words(data_dir() / "rule_words.yaml");
        (void)pipeline::load_page_words(data_dir() / "page_words.yaml");
        return texts.say(Message("language"));
    });
    examination.look_at("trained networks", [] {
        const ocr::ReadingModels models(data_dir() / "models");
        return std::string();
    });
    examination.look_at("text models", [] {
        ocr::prepare_process();
        ocr::ReadingTools tools;
        tools.load_models();
        return std::string("Tesseract's swe, eng, Latin");
    });
    if (!options.store.empty()) {
        examination.look_at("store", [&] {
            const auto faults = open_store(options.store, false)->faults();
            if (!faults.empty())
                throw Error(ErrorKind::Io, fmt::format("{}", fmt::join(faults, "; ")));
            return options.store.shown();
        });
        examination.look_at("disk", [&] {
            const auto room =
                fs::space(fs::absolute(options.store.originals_folder()).parent_path()).available >>
                20;
            if (room < 1024)
                throw Error(ErrorKind::Io, fmt::format("{} MB free where the originals are; a "
                                                       "thousand submissions take some 3,000",
                                                       room));
            return fmt::format("{} MB free", room);
        });
    }
    return examination.well() ? 0 : 1;
}

void add_doctor(CLI::App& program, Work& work) {
    const auto options = std::make_shared<DoctorOptions>();
    CLI::App* doctor = program.add_subcommand(
        "doctor",
        "Prove that this machine and installation are fit: sandbox, models, forms, store, disk");
    doctor->footer("Exit status: 0 all is well, 1 something is not.");
    add_store(doctor, options->store, false);
    add_forms(doctor, options->forms);
    add_sandbox(doctor, options->require_landlock);
    when_given(doctor, work, run_doctor, options);
}

}  // namespace avtalskoll::app

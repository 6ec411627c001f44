// The folder of registered forms and the drafts that are not registered yet, for whoever edits
// them.
//
// A form's name is its folder's: <id>-<version>. Safe from many threads of one process; nothing is
// ever half written.
#pragma once
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/form.h"
#include "pipeline/forms/form_draft.h"
#include "pipeline/forms/form_import.h"
#include "pipeline/forms/form_writer.h"

namespace avtalskoll::app {

// A form that may be edited.
struct WorkshopForm {
    std::string name;
    Form form;
    bool is_draft = false;
    // Fields whose draft a person should look at.
    std::set<std::pair<std::string, std::string>> doubted = {};  // point, field
};

class FormWorkshop {
public:
    // Drafts lie in `drafts`, which is made when it is needed.
    FormWorkshop(std::filesystem::path forms, std::filesystem::path drafts,
                 pipeline::FieldWords words);

    // Drafts first. A form that cannot be read is left out.
    std::vector<WorkshopForm> list() const;
    // nullopt: no form has that name.
    std::optional<WorkshopForm> find(const std::string& name) const;

    // Drafts a form from its blank and returns its name. Throws as pipeline::import_form does, and
    // when the form is registered already.
    std::string import(const pipeline::ImportOptions& form);

    // The reason why load_form would refuse the definition; empty: none. `name`: whose blank it is.
    std::string fault_of(const std::string& name, const pipeline::FormDefinition& form) const;

    // Writes the form alone into `folder`, asked for always: what a checker needs to try it.
    void write_alone(const std::filesystem::path& folder, const std::string& name,
                     const pipeline::FormDefinition& form) const;

    // Registers a draft, or changes a registered form. `when`: added to requirements.yaml where
    // that does not name the form; nullopt: nothing is added. Throws Error{Io, BadInput}.
    void save(const std::string& name, const pipeline::FormDefinition& form,
              const std::optional<RequiredWhen>& when);
    void discard_draft(const std::string& name);

private:
    std::filesystem::path folder_of(const std::string& name) const;
    WorkshopForm load(const std::filesystem::path& folder, bool is_draft) const;
    // True when requirements.yaml names the form's id.
    bool is_required(const std::string& id) const;
    void require(const std::string& id, RequiredWhen when) const;

    const std::filesystem::path forms_, drafts_;
    const pipeline::FieldWords words_;
    mutable std::mutex mutex_;
};

}  // namespace avtalskoll::app

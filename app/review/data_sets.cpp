#include "app/review/data_sets.h"

#include <algorithm>

#include "models/text.h"
#include "pipeline/files/definition.h"

namespace avtalskoll::app {
namespace {

bool is_whole(const ReviewedAgreement& agreement) {
    if (!agreement.present || agreement.set_aside) return false;
    for (const ReviewedPoint& point : agreement.points)
        for (const ReviewedField& field : point.fields)
            if (field.required && !field.in_order()) return false;
    return true;
}

bool holds_a_word(const ReviewedPoint& point, const std::vector<std::string>& words) {
    std::string text;
    for (const ReviewedField& field : point.fields)
        if (field.in_order()) text += " " + field.value;
    text = folded_words(text);
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return text.find(folded_words(word)) != std::string::npos;
    });
}

bool is_named(const DataSetNaming& naming, const Review& review) {
    const ReviewedAgreement* agreement = review.agreement(naming.form);
    return agreement && std::any_of(agreement->points.begin(), agreement->points.end(),
                                    [&](const ReviewedPoint& point) {
                                        return point.point == naming.point &&
                                               holds_a_word(point, naming.words);
                                    });
}

std::string title_of_form(const std::string& form, const Review& review) {
    const ReviewedAgreement* agreement = review.agreement(form);
    return agreement ? agreement->title : form;
}

}  // namespace

const DataSetKind* data_set_kind(const DataSetKinds& kinds, const std::string& id) {
    const auto at = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const DataSetKind& kind) { return kind.id == id; });
    return at == kinds.end() ? nullptr : &*at;
}

std::vector<Message> lacks_for(const DataSetKind& kind, const DataSetAdded& added,
                               const Review& review) {
    std::vector<Message> lacks;
    for (const std::string& form : kind.agreements) {
        const ReviewedAgreement* agreement = review.agreement(form);
        if (!agreement || !is_whole(*agreement))
            lacks.push_back(
                Message("data_set.needs_agreement", {{"title", title_of_form(form, review)}}));
    }
    for (const DataSetNaming& naming : kind.names)
        if (!is_named(naming, review))
            lacks.push_back(Message("data_set.not_named",
                                    {{"point", naming.point},
                                     {"title", title_of_form(naming.form, review)},
                                     {"words", fmt::format("{}", fmt::join(naming.words, ", "))}}));
    if (!added.agent.empty() && added.authority.empty())
        lacks.push_back(Message("data_set.no_authority", {{"agent", added.agent}}));
    return lacks;
}

}  // namespace avtalskoll::app

namespace avtalskoll::pipeline {
namespace {

std::vector<std::string> texts_in(const Definition& file, const YAML::Node& map, const char* key) {
    std::vector<std::string> texts;
    for (const auto& entry : file.list(map, key)) texts.push_back(entry.as<std::string>());
    return texts;
}

app::DataSetKind kind_from(const Definition& file, const YAML::Node& node) {
    file.only_keys(node, {"id", "title", "personal_data", "agreements", "names"});
    app::DataSetKind kind{file.get<std::string>(node, "id"), file.get<std::string>(node, "title"),
                          file.get<bool>(node, "personal_data"),
                          texts_in(file, node, "agreements")};
    for (const auto& naming : node["names"]) {
        file.only_keys(naming, {"form", "point", "words"});
        kind.names.push_back({file.get<std::string>(naming, "form"),
                              file.get<std::string>(naming, "point"),
                              texts_in(file, naming, "words")});
    }
    return kind;
}

}  // namespace

app::DataSetKinds load_data_sets(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"data_sets"});
    app::DataSetKinds kinds;
    for (const auto& node : file.list(file.root(), "data_sets")) {
        app::DataSetKind kind = kind_from(file, node);
        if (app::data_set_kind(kinds, kind.id))
            file.refuse(node, fmt::format("'{}' is there twice", kind.id));
        kinds.push_back(std::move(kind));
    }
    return kinds;
}

}  // namespace avtalskoll::pipeline

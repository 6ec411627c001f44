#include "pipeline/forms/form_writer.h"

#include <fmt/format.h>

#include <cmath>

#include "pipeline/files/definition.h"
#include "pipeline/forms/form_relations.h"

namespace avtalskoll::pipeline {
namespace {

double rounded(double pt) { return std::round(10 * pt) / 10; }

void emit_box(YAML::Emitter& out, const BoxPt& box) {
    out << YAML::Flow << YAML::BeginSeq;
    for (const double number : {box.x, box.y, box.w, box.h}) out << rounded(number);
    out << YAML::EndSeq;
}

void emit_place(YAML::Emitter& out, const Place& place) {
    out << YAML::Key << "page" << YAML::Value << place.page;
    out << YAML::Key << "box" << YAML::Value;
    emit_box(out, place.box);
}

void emit_text(YAML::Emitter& out, const char* key, const std::string& text) {
    if (!text.empty()) out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << text;
}

void emit_where(YAML::Emitter& out, const DraftField& draft) {
    const Field& field = draft.field;
    if (!draft.acroform.empty()) return emit_text(out, "acroform", draft.acroform);
    if (field.parts.empty()) return emit_place(out, field.place);
    out << YAML::Key << "page" << YAML::Value << field.place.page;
    out << YAML::Key << "parts" << YAML::Value << YAML::BeginSeq;
    for (const BoxPt& part : field.parts) emit_box(out, part);
    out << YAML::EndSeq;
}

void emit_bounds(YAML::Emitter& out, const ValueBounds& bounds) {
    emit_text(out, "pattern", bounds.pattern);
    if (bounds.least) out << YAML::Key << "min" << YAML::Value << *bounds.least;
    if (bounds.most) out << YAML::Key << "max" << YAML::Value << *bounds.most;
}

void emit_options(YAML::Emitter& out, const Field& field) {
    if (field.options.empty()) return;
    if (field.most_ticks != 1) out << YAML::Key << "max_ticked" << YAML::Value << field.most_ticks;
    out << YAML::Key << "options" << YAML::Value << YAML::BeginSeq;
    for (const Option& option : field.options) {
        out << YAML::BeginMap;
        emit_text(out, "label", option.label);
        out << YAML::Key << "box" << YAML::Value;
        emit_box(out, option.box);
        out << YAML::EndMap;
    }
    out << YAML::EndSeq;
}

void emit_keep_empty(YAML::Emitter& out, const std::vector<Place>& places) {
    if (places.empty()) return;
    out << YAML::Key << "keep_empty" << YAML::Value << YAML::BeginSeq;
    for (const Place& place : places) {
        out << YAML::BeginMap;
        emit_place(out, place);
        out << YAML::EndMap;
    }
    out << YAML::EndSeq;
}

void emit_field(YAML::Emitter& out, const DraftField& draft) {
    const Field& field = draft.field;
    out << YAML::BeginMap;
    out << YAML::Key << "id" << YAML::Value << field.id;
    out << YAML::Key << "label" << YAML::Value << YAML::DoubleQuoted << field.label;
    if (!draft.doubts.empty())
        out << YAML::Comment(fmt::format("look at this: {}", fmt::join(draft.doubts, "; ")));
    out << YAML::Key << "kind" << YAML::Value << to_string(field.kind);
    if (!field.required) out << YAML::Key << "required" << YAML::Value << false;
    if (!field.name_field.empty())
        out << YAML::Key << "name_field" << YAML::Value << field.name_field;
    emit_where(out, draft);
    if (field.cells > 0) out << YAML::Key << "cells" << YAML::Value << field.cells;
    emit_text(out, "prompt", field.prompt);
    emit_bounds(out, field.bounds);
    emit_options(out, field);
    emit_keep_empty(out, field.keep_empty);
    out << YAML::EndMap;
}

}  // namespace

std::string yaml_of(const FormDefinition& form) {
    YAML::Emitter out;
    out.SetDoublePrecision(6);
    for (const std::string& note : form.notes) out << YAML::Comment(note) << YAML::Newline;
    out << YAML::BeginMap;
    out << YAML::Key << "id" << YAML::Value << form.id;
    out << YAML::Key << "version" << YAML::Value << YAML::DoubleQuoted << form.version;
    out << YAML::Key << "title" << YAML::Value << YAML::DoubleQuoted << form.title;
    if (form.withdrawn) out << YAML::Key << "withdrawn" << YAML::Value << true;
    out << YAML::Key << "blank" << YAML::Value << form.blank;
    out << YAML::Key << "points" << YAML::Value << YAML::BeginSeq;
    for (const DraftPoint& point : form.points) {
        out << YAML::BeginMap;
        out << YAML::Key << "number" << YAML::Value << YAML::DoubleQuoted << point.number;
        out << YAML::Key << "title" << YAML::Value << YAML::DoubleQuoted << point.title;
        out << YAML::Key << "fields" << YAML::Value << YAML::BeginSeq;
        for (const DraftField& field : point.fields) emit_field(out, field);
        out << YAML::EndSeq << YAML::EndMap;
    }
    out << YAML::EndSeq;
    emit_relations(out, form.relations);
    out << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

}  // namespace avtalskoll::pipeline

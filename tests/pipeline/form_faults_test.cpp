#include "pipeline/forms/form_faults.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace avtalskoll::pipeline {
namespace {

DraftField field(const char* id, FieldKind kind, const BoxPt& box) {
    DraftField draft;
    draft.field.id = draft.field.label = id;
    draft.field.kind = kind;
    draft.field.place = {1, box};
    return draft;
}

FormDefinition sound() {
    FormDefinition form{"f", "1", "Formulär"};
    form.points = {{"1",
                    "Parter",
                    {field("organisation", FieldKind::Text, {50, 100, 200, 20}),
                     field("signature", FieldKind::Signature, {50, 700, 200, 40})}}};
    return form;
}

// The keys of what is found; an error's key ends in "!".
std::vector<std::string> faults_of(const FormDefinition& form) {
    std::vector<std::string> keys;
    for (const FormFault& fault : find_form_faults(form, {{595, 842}}))
        keys.push_back(fault.message.key() + (fault.is_error ? "!" : ""));
    return keys;
}

using Keys = std::vector<std::string>;

TEST(FormFaults, ASoundFormHasNone) { EXPECT_EQ(faults_of(sound()), Keys()); }

TEST(FormFaults, NamesThatStandTwiceAreErrors) {
    FormDefinition form = sound();
    form.points.push_back({"1", "Igen", {field("x", FieldKind::Text, {50, 200, 200, 20})}});
    EXPECT_EQ(faults_of(form), Keys{"form_fault.point_twice!"});
    form = sound();
    form.points[0].fields.push_back(field("organisation", FieldKind::Text, {50, 200, 200, 20}));
    EXPECT_EQ(faults_of(form), Keys{"form_fault.id_twice!"});
}

TEST(FormFaults, APlaceLiesOnItsPageAndCoversNoOther) {
    FormDefinition form = sound();
    form.points[0].fields[0].field.place.box.x = 500;
    EXPECT_EQ(faults_of(form), Keys{"form_fault.off_page!"});
    form.points[0].fields[0].field.place = {2, {50, 100, 200, 20}};
    EXPECT_EQ(faults_of(form), Keys{"form_fault.off_page!"});
    form = sound();
    form.points[0].fields[0].field.place.box = {60, 705, 100, 20};
    EXPECT_EQ(faults_of(form), Keys{"form_fault.overlap"});
    form = sound();
    form.points[0].fields[0].field.place.box.h = 5;
    EXPECT_EQ(faults_of(form), Keys{"form_fault.low"});
}

TEST(FormFaults, AChoiceHasTwoDifferentBoxes) {
    FormDefinition form = sound();
    DraftField choice = field("choice", FieldKind::Choice, {50, 200, 200, 20});
    choice.field.options = {{"Ja", {50, 200, 10, 10}}};
    form.points[0].fields.push_back(choice);
    EXPECT_EQ(faults_of(form), Keys{"form_fault.few_options!"});
    form.points[0].fields.back().field.options.push_back({"Ja", {90, 200, 10, 10}});
    EXPECT_EQ(faults_of(form), Keys{"form_fault.option!"});
    form.points[0].fields.back().field.options.back().label = "Nej";
    EXPECT_EQ(faults_of(form), Keys());
}

TEST(FormFaults, WhatARuleNamesIsThere) {
    FormDefinition form = sound();
    form.relations.emplace_back();
    form.relations[0].fields = {{"1", "organisation"}, {"1", "gone"}};
    EXPECT_EQ(faults_of(form), Keys{"form_fault.rule_names_nothing!"});
}

TEST(FormFaults, AFormWithoutSignatureTitleOrFieldsIsSaid) {
    FormDefinition form = sound();
    form.points[0].fields.pop_back();
    EXPECT_EQ(faults_of(form), Keys{"form_fault.no_signature"});
    form = sound();
    form.title.clear();
    EXPECT_EQ(faults_of(form), Keys{"form_fault.no_title!"});
    form.points.clear();
    const Keys none = faults_of(form);
    EXPECT_EQ(none[1], "form_fault.no_fields!");
    form = sound();
    form.points[0].fields[0].field.bounds.pattern = "[0-9";
    EXPECT_EQ(faults_of(form), Keys{"form_fault.pattern!"});
}

}  // namespace
}  // namespace avtalskoll::pipeline

// avtalskoll-score: scores a folder of reports against a truth, with 95 % intervals, and shows the
// wrong ones.
//
// Submissions: straight (right, for the right reasons, without a person), review, and the wrong
// ones: false complete, false incomplete, wrong reason, no report. Fields: verdict right, unclear,
// value exact, ok but wrong. Signatures: signed and unsigned places against ok, unclear, missing.
// All of it for each quality of scan too.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <tuple>

#include "models/text.h"
#include "rules/kinds/kind_rules.h"

namespace {

using Json = nlohmann::json;
using avtalskoll::FieldKind;
using avtalskoll::folded_space;
using avtalskoll::folded_words;

struct Tally {
    std::map<std::string, int> counts;
    void add(const std::string& what, int by = 1) { counts[what] += by; }
    int operator[](const std::string& what) const {
        return counts.contains(what) ? counts.at(what) : 0;
    }
};

struct Wrong {
    std::string id, what;
    std::string point;  // form/point/field, empty for a whole submission
};

std::string digits_of(const std::string& s, bool plus) {
    std::string out;
    for (const char c : s)
        if ((c >= '0' && c <= '9') || (plus && c == '+')) out += c;
    return out;
}

// A field's kind as the truth names it; else by the names that the registered forms use.
FieldKind kind_of(const std::string& field, const Json& want) {
    const std::string name = want.value("kind", field);
    if (name == "personal_data_types" || name == "data_subject_categories")
        return FieldKind::FreeText;
    return avtalskoll::parse_field_kind(name).value_or(FieldKind::Text);
}

// Two values are the same when this is.
std::string canonical(FieldKind kind, const std::string& value) {
    switch (kind) {
        case FieldKind::OrganisationNumber: {
            const std::string d = digits_of(value, false);
            return d.size() == 12 && d.starts_with("16") ? d.substr(2) : d;
        }
        case FieldKind::Phone: return digits_of(value, true);
        // Reports show it without its last digits.
        case FieldKind::PersonalNumber: return digits_of(value, false);
        case FieldKind::FreeText: return folded_words(value);
        case FieldKind::Email: return folded_space(value);
        default: break;
    }
    const auto check = avtalskoll::rules::rule_of(kind).check;
    const auto checked = check ? check(value, {}) : avtalskoll::rules::ValueCheck{};
    return checked.normalized.value_or(folded_space(value));
}

std::string without_status(const std::string& s) { return s.substr(0, s.rfind(':')); }

// The faults that a report names, in the words of the truth.
std::set<std::string> said_by(const Json& report) {
    std::set<std::string> said;
    for (const Json& agreement : report["agreements"]) {
        const std::string form = agreement["form"];
        if (agreement["required"] && !agreement["present"]) said.insert(form + ":absent");
        if (!agreement["present"]) continue;
        for (const Json& point : agreement["points"])
            for (const Json& field : point["fields"])
                if (field["required"] &&
                    (field["verdict"] == "missing" || field["verdict"] == "invalid"))
                    said.insert(fmt::format("{}/{}/{}:{}", form, point["point"].get<std::string>(),
                                            field["field"].get<std::string>(),
                                            field["verdict"].get<std::string>()));
    }
    for (const Json& finding : report["findings"])
        if (finding["code"] == "organisation_number_mismatch")
            said.insert("organisation_number_mismatch");
    return said;
}

std::map<std::string, Json> fields_of(const Json& report) {
    std::map<std::string, Json> fields;
    for (const Json& agreement : report["agreements"])
        for (const Json& point : agreement["points"])
            for (const Json& field : point["fields"])
                fields[fmt::format("{}/{}/{}", agreement["form"].get<std::string>(),
                                   point["point"].get<std::string>(),
                                   field["field"].get<std::string>())] = field;
    return fields;
}

class Score {
public:
    void add(const std::string& id, const Json& truth, const Json& report) {
        tier_ = truth["tier"];
        count("submissions");
        const bool complete = truth["complete"];
        if (complete) count("complete");
        if (report.is_discarded() || !report.contains("verdict")) {
            count("no report");
            wrong.push_back({id, "no report", ""});
            return;
        }
        judge(id, truth, report, complete);
        const auto got = fields_of(report);
        for (const auto& [form, points] : truth["agreements"].items())
            if (points.is_object())
                for (const auto& [point, asked] : points.items())
                    for (const auto& [field, want] : asked.items())
                        add_field(id, fmt::format("{}/{}/{}", form, point, field), field, want,
                                  got);
    }

    std::map<std::string, Tally> tallies;  // "all" and each tier
    std::map<std::string, Tally> fields;
    std::vector<Wrong> wrong;

    // The confidence that was said of values beside the share that was right, by kind, tier and
    // said confidence.
    struct Bin {
        int all = 0, exact = 0;
        double said = 0;
        void add(double confidence, bool right) {
            ++all;
            exact += right;
            said += confidence;
        }
    };
    std::map<std::tuple<std::string, std::string, int>, Bin> reliability;

private:
    static int bin_of(double confidence) {
        static constexpr std::array<double, 6> kEdges{0.5, 0.7, 0.85, 0.92, 0.96, 0.98};
        return static_cast<int>(std::upper_bound(kEdges.begin(), kEdges.end(), confidence) -
                                kEdges.begin());
    }

    void count(const std::string& what) {
        tallies["all"].add(what);
        tallies[tier_].add(what);
    }

    void judge(const std::string& id, const Json& truth, const Json& report, bool complete) {
        const std::set<std::string> said = said_by(report);
        std::set<std::string> why, places, said_places;
        for (const Json& w : truth["why"]) why.insert(w.get<std::string>());
        for (const std::string& w : why) places.insert(without_status(w));
        for (const std::string& s : said) said_places.insert(without_status(s));
        const auto got = fields_of(report);
        bool passed = false;
        for (const std::string& place : places)
            passed |= got.contains(place) && got.at(place)["verdict"] == "ok";
        const bool false_alarm =
            std::any_of(said_places.begin(), said_places.end(),
                        [&](const std::string& s) { return !places.contains(s); });
        const bool named = std::any_of(said_places.begin(), said_places.end(),
                                       [&](const std::string& s) { return places.contains(s); });
        const std::string verdict = report["verdict"];
        const auto bad = [&](const std::string& kind) {
            count(kind);
            wrong.push_back({id,
                             fmt::format("{} [{}]: says {}; truth {}", kind, tier_,
                                         fmt::join(said, " "), fmt::join(why, " ")),
                             ""});
        };
        if (verdict == "review") count("review");
        else if (verdict == "complete" && !complete) bad("FALSE COMPLETE");
        else if (verdict != "complete" && complete) bad("false incomplete");
        else if (!complete && (verdict == "rejected" || false_alarm || passed || !named))
            bad("wrong reason");
        else {
            count("straight");
            if (complete) count("complete passed");
        }
    }

    void add_field(const std::string& id, const std::string& place, const std::string& field,
                   const Json& want, const std::map<std::string, Json>& got) {
        const Json& g = got.contains(place) ? got.at(place) : absent_;
        const std::string verdict = g["verdict"], status = want["status"];
        const auto both = [&](const std::string& what) {
            count(what);
            fields[field].add(what);
        };
        both("fields");
        if (verdict == status) both("verdict right");
        else if (verdict != "unclear")
            wrong.push_back(
                {id, fmt::format("{} [{}]: {}, truth {}", place, tier_, verdict, status), place});
        if (verdict == "unclear") both("unclear");
        if (field == "signature")
            count(fmt::format("{} {}", status == "ok" ? "signed" : "unsigned",
                              verdict == "ok" || verdict == "unclear" ? verdict : "missing"));
        if (!want["value"].is_string() || status != "ok") return;
        const std::string value = g["value"].is_string() ? g["value"].get<std::string>() : "",
                          truth = want["value"];
        const FieldKind kind = kind_of(field, want);
        const bool exact = canonical(kind, value) == canonical(kind, truth);
        const std::string name = avtalskoll::is_strict(kind) ? "strict" : "text";
        both("values");
        if (exact) both("exact");
        if (verdict == "ok") both(name + " ok");
        if (verdict == "ok" && !exact) both(name + " ok wrong");
        const double sure = g.contains("value_confidence") && g["value_confidence"].is_number()
                                ? g["value_confidence"].get<double>()
                                : 0;
        reliability[{name, tier_, bin_of(sure)}].add(sure, exact);
        if (sure >= 0.9) both(name + " sure");
        if (sure >= 0.9 && !exact) both(name + " sure wrong");
        if (!exact)
            wrong.push_back({id,
                             fmt::format("{} [{}]: {} read '{}', truth '{}'", place, tier_, verdict,
                                         value, truth),
                             place});
    }

    std::string tier_;
    const Json absent_{{"verdict", "absent"}, {"value", nullptr}};
};

// Wilson 1927: an interval for a share that holds for small counts too.
std::string share(int part, int of) {
    if (of == 0) return "-";
    const double z = 1.96, n = of, p = part / n, d = 1 + z * z / n;
    const double middle = (p + z * z / (2 * n)) / d,
                 half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d;
    return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * p, 100 * std::max(0.0, middle - half),
                       100 * std::min(1.0, middle + half));
}

void print(const Score& score) {
    for (const auto& [name, t] : score.tallies) {
        fmt::print(
            "{:<7} n {:<5} straight {}  complete passed {}  review {}  FALSE COMPLETE {}  false "
            "incomplete {}  wrong reason {}  no report {}\n",
            name, t["submissions"], share(t["straight"], t["submissions"]),
            share(t["complete passed"], t["complete"]), t["review"], t["FALSE COMPLETE"],
            t["false incomplete"], t["wrong reason"], t["no report"]);
        fmt::print(
            "        fields {}: verdict right {}, unclear {}; exact {}; ok but wrong: strict "
            "{}/{}, text {}/{}; sure but wrong: strict {}/{}, text {}/{}\n",
            t["fields"], share(t["verdict right"], t["fields"]), share(t["unclear"], t["fields"]),
            share(t["exact"], t["values"]), t["strict ok wrong"], t["strict ok"],
            t["text ok wrong"], t["text ok"], t["strict sure wrong"], t["strict sure"],
            t["text sure wrong"], t["text sure"]);
        fmt::print(
            "        signed: ok {}, unclear {}, missing {}; unsigned: ok {}, unclear {}, missing "
            "{}\n",
            t["signed ok"], t["signed unclear"], t["signed missing"], t["unsigned ok"],
            t["unsigned unclear"], t["unsigned missing"]);
    }
    for (const auto& [name, t] : score.fields)
        fmt::print("  {:<24} n {:<5} verdict right {}  unclear {}  exact {}  ok but wrong {}\n",
                   name, t["fields"], share(t["verdict right"], t["fields"]),
                   share(t["unclear"], t["fields"]), share(t["exact"], t["values"]),
                   t["strict ok wrong"] + t["text ok wrong"]);
}

// Everything counted, for tests/accuracy/figures.py.
Json to_json(const Score& score) {
    Json json{
        {"tallies", Json::object()}, {"fields", Json::object()}, {"reliability", Json::array()}};
    for (const auto& [name, t] : score.tallies) json["tallies"][name] = t.counts;
    for (const auto& [name, t] : score.fields) json["fields"][name] = t.counts;
    for (const auto& [key, bin] : score.reliability)
        json["reliability"].push_back({{"kind", std::get<0>(key)},
                                       {"tier", std::get<1>(key)},
                                       {"bin", std::get<2>(key)},
                                       {"values", bin.all},
                                       {"exact", bin.exact},
                                       {"said", bin.said / bin.all}});
    return json;
}

// The crops of a report page, in the order of the fields that have evidence.
std::vector<std::string> crops_of(const std::string& html) {
    std::vector<std::string> crops;
    const std::string mark = "src=\"data:image/png;base64,";
    for (auto at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1))
        crops.push_back(html.substr(at + 5, html.find('"', at + 5) - at - 5));
    return crops;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '<') out += "&lt;";
        else if (c == '&') out += "&amp;";
        else out += c;
    }
    return out;
}

std::string slurp(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A page of what went wrong, each field with the crop that it was read from.
void write_wrong(const Score& score, const std::filesystem::path& reports,
                 const std::filesystem::path& file) {
    std::ofstream out(file);
    out << "<!DOCTYPE html><meta charset=\"utf-8\"><title>Wrong</title><style>body{font:15px "
           "sans-serif}img{border:1px solid #ccc;max-width:40rem}</style><h1>Wrong</h1>\n";
    for (const Wrong& w : score.wrong) {
        out << "<p><a href=\"" << w.id << "/report.html\">" << w.id << "</a> " << escaped(w.what);
        if (!w.point.empty()) {
            const auto report = Json::parse(slurp(reports / w.id / "report.json"), nullptr, false);
            const std::vector<std::string> crops = crops_of(slurp(reports / w.id / "report.html"));
            std::size_t index = 0;
            for (const Json& agreement : report["agreements"])
                for (const Json& point : agreement["points"])
                    for (const Json& field : point["fields"]) {
                        if (field["evidence"].is_null()) continue;
                        const std::string place = fmt::format(
                            "{}/{}/{}", agreement["form"].get<std::string>(),
                            point["point"].get<std::string>(), field["field"].get<std::string>());
                        if (place == w.point && index < crops.size())
                            out << "<br><img src=\"" << crops[index] << "\">";
                        ++index;
                    }
        }
        out << "\n";
    }
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Scores a folder of reports against a truth.");
    std::filesystem::path truth_file, reports, wrong_page, json_file;
    bool show = false;
    app.add_option("TRUTH", truth_file, "truth.json")->required()->check(CLI::ExistingFile);
    app.add_option("REPORTS", reports, "Folder of reports")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--wrong", wrong_page, "Write a page of the wrong ones with their crops");
    app.add_option("--json", json_file, "Write all counts");
    app.add_flag("--show", show, "List the wrong ones");
    CLI11_PARSE(app, argc, argv);
    Score score;
    const Json truth = Json::parse(slurp(truth_file));
    for (const auto& [id, t] : truth.items())
        score.add(id, t, Json::parse(slurp(reports / id / "report.json"), nullptr, false));
    if (show)
        for (const Wrong& w : score.wrong) fmt::print("{} {}\n", w.id, w.what);
    print(score);
    if (!json_file.empty()) std::ofstream(json_file) << to_json(score).dump(1) << "\n";
    if (!wrong_page.empty()) write_wrong(score, reports, wrong_page);
    return score.tallies["all"]["FALSE COMPLETE"] == 0 ? 0 : 1;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-score: {}\n", e.what());
    return 2;
}

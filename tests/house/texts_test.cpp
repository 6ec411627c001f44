// The texts that people read are data (data/texts): the source says which one, and no word of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "app/mail/mail.h"
#include "app/review/case_states.h"
#include "app/web/upload_intake.h"
#include "app/web/words.h"
#include "models/counter_signing.h"
#include "ocr/document/raster_fault.h"
#include "pipeline/files/file_kind.h"
#include "pipeline/reports/verdict_messages.h"
#include "tests/support/texts.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

// Literals of these rooms that are not ASCII and no text for people.
const std::map<std::string, Names> kCharacters{
    {"models/print_segments.cpp", {"§"}},  // signs of numbering
    {"app/store/stored_json.cpp",          // words of reports that earlier versions wrote
     {"har avbrutit ritandet", "kunde inte ritas: filen är skadad"}},
    {"app/web/pages/queue_page.cpp", {"{} · {}"}},
    {"app/web/pages/statistics_page.cpp", {"–"}},
    {"pipeline/forms/draft_headings.cpp", {"§", "–"}},
    {"rules/strange_page.cpp", {"0123456789.§ "}},
    {"rules/text_vote.cpp",
     {"|`'\\\".,:;~_-^*!¡°‘’“”«»\\\\",  // stray marks
      "ĝ", "ğ", "â", "ð", "©", "®",     // taken for an @
      "å", "ä", "ö", "é", "ü"}},        // letters that an address may hold
};
// A literal with one of these is a sentence for people.
const Names kSwedishWords{"och",   "eller", "inte",   "finns",   "saknas",  "sidan",      "sidor",
                          "filen", "filer", "bilden", "avtalet", "avtalen", "inlämningen"};

// Keys that are put together: the beginning as it stands in the source.
const Names kComposed{
    "copy_verdict.",
    "decision.",
    "drawing.",
    "event.",
    "explanation.",
    "field_verdict.",
    "file_advice.",
    "file_kind.",
    "follow.",
    "mail_kind.",
    "mail_state.",
    "move.",
    "reason.",
    "role.",
    "severity.",
    "status.",
    "submission_verdict.",
};

struct Literal {
    std::string file, text;
};

// A source without its comments.
std::string source_of(const fs::path& file) {
    std::ifstream in(file);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    static const std::regex kToken(R"re("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|//[^\n]*)re");
    std::string out;
    auto last = text.begin();
    for (auto at = std::sregex_iterator(text.begin(), text.end(), kToken);
         at != std::sregex_iterator(); ++at) {
        const auto& token = (*at)[0];
        out.append(last, *token.first == '/' ? token.first : token.second);
        last = token.second;
    }
    return out.append(last, text.end());
}

// The sources of these rooms, by their names.
std::map<std::string, std::string> sources_of(std::initializer_list<const char*> rooms) {
    std::map<std::string, std::string> sources;
    const fs::path root = AVTALSKOLL_SOURCE_DIR;
    for (const char* room : rooms)
        for (const auto& entry : fs::recursive_directory_iterator(root / room))
            if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp")
                sources[fs::relative(entry.path(), root).string()] = source_of(entry.path());
    return sources;
}

std::vector<Literal> literals_in(const std::map<std::string, std::string>& sources) {
    static const std::regex kLiteral(R"re("((?:\\.|[^"\\\n])*)"|'(?:\\.|[^'\\\n])')re");
    std::vector<Literal> literals;
    for (const auto& [file, source] : sources)
        for (auto at = std::sregex_iterator(source.begin(), source.end(), kLiteral);
             at != std::sregex_iterator(); ++at)
            if ((*at)[1].matched) literals.push_back({file, (*at)[1]});
    return literals;
}

bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_swedish_word(const std::string& text) {
    static const std::regex kWord("[A-Za-z\x80-\xFF]+");
    for (auto at = std::sregex_iterator(text.begin(), text.end(), kWord);
         at != std::sregex_iterator(); ++at)
        if (kSwedishWords.contains(at->str())) return true;
    return false;
}

TEST(Texts, NoSwedishStandsInTheSource) {
    const auto literals = literals_in(sources_of({"models", "ocr", "rules", "pipeline", "app"}));
    EXPECT_GT(literals.size(), 1000U);
    for (const Literal& one : literals) {
        const auto allowed = kCharacters.find(one.file);
        if (allowed != kCharacters.end() && allowed->second.contains(one.text)) continue;
        EXPECT_TRUE(is_ascii(one.text)) << one.file << ": " << one.text;
        EXPECT_FALSE(has_swedish_word(one.text)) << one.file << ": " << one.text;
    }
}

// The placeholders of a text.
Names placeholders_of(const std::string& text) {
    static const std::regex kPlaceholder(R"re(\{([a-z_0-9]+)(?::[^{}]*)?\})re");
    Names names;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), kPlaceholder);
         at != std::sregex_iterator(); ++at)
        names.insert((*at)[1]);
    return names;
}

// The rest of a call from its opening bracket to the closing one, without the messages in it.
std::string call_at(const std::string& source, std::string::size_type open) {
    std::string call;
    int depth = 0;
    for (auto i = open; i < source.size(); ++i) {
        if (i > open && source.compare(i, 8, "Message(") == 0)
            i += 8 + call_at(source, i + 7).size();
        if (source[i] == '(') ++depth;
        if (source[i] == ')' && --depth == 0) return call;
        call += source[i];
    }
    return call;
}

// The values that each use in the source gives to a text, by the text's key.
std::map<std::string, std::vector<Names>> uses_in_source() {
    static const std::regex kMade(R"re(\bMessage(?: \w+)?(\()\s*"([^"]*)")re"),
        kValue(R"re(\{\s*"(\w+)"\s*,)re");
    std::map<std::string, std::vector<Names>> uses;
    for (const auto& [file, source] : sources_of({"models", "ocr", "rules", "pipeline", "app"}))
        for (auto at = std::sregex_iterator(source.begin(), source.end(), kMade);
             at != std::sregex_iterator(); ++at) {
            const std::string call = call_at(source, static_cast<std::size_t>(at->position(1)));
            Names given;
            for (auto value = std::sregex_iterator(call.begin(), call.end(), kValue);
                 value != std::sregex_iterator(); ++value)
                given.insert((*value)[1]);
            uses[(*at)[2]].push_back(given);
        }
    for (const std::string& composed : kComposed) uses.erase(composed);
    return uses;
}

// The keys in tables, which become messages elsewhere. Such texts get no values.
std::map<std::string, std::vector<Names>> uses_in_tables() {
    std::map<std::string, std::vector<Names>> uses;
    static const std::regex kKey(
        R"re(\{"[^"]*", "([a-z_]+\.[a-z_]+)"\}|\{k\w+, "([a-z_]+\.[a-z_]+)"\})re");
    for (const auto& [file, source] : sources_of({"app/web"}))
        for (auto at = std::sregex_iterator(source.begin(), source.end(), kKey);
             at != std::sregex_iterator(); ++at)
            uses[(*at)[1].matched ? (*at)[1] : (*at)[2]].push_back({});
    return uses;
}

// The same of the keys that the officers' pages put together.
std::map<std::string, std::vector<Names>> composed_uses_of_pages() {
    using namespace app;
    std::map<std::string, std::vector<Names>> uses;
    for (int a = 0; a < static_cast<int>(AuditAction::Unknown); ++a) {
        std::string name = to_string(static_cast<AuditAction>(a));
        std::replace(name.begin(), name.end(), ' ', '_');
        uses["event." + name].push_back({});
    }
    for (const KindTraits& traits : all_kinds())
        uses[std::string("field_kind.") + traits.name].push_back({});
    const CaseStates states =
        pipeline::load_case_states(AVTALSKOLL_SOURCE_DIR "/data/cases/states.yaml");
    for (const auto& [name, state] : states.states()) {
        uses[web::status_message(name).key()].push_back({});
        uses["follow." + state.follow].push_back({});
    }
    for (const auto& [name, move] : states.moves())
        if (move.by == MovedBy::Officer) uses["move." + name].push_back({});
    for (int v = 0; v <= static_cast<int>(CountersignedVerdict::Unsure); ++v)
        uses[std::string("copy_verdict.") + to_string(static_cast<CountersignedVerdict>(v))]
            .push_back({});
    for (int k = 0; k <= static_cast<int>(MailKind::Copy); ++k)
        uses[std::string("mail_kind.") + to_string(static_cast<MailKind>(k))].push_back({});
    for (int s = 0; s <= static_cast<int>(MailState::Unclear); ++s)
        uses[std::string("mail_state.") + to_string(static_cast<MailState>(s))].push_back({});
    for (const Role role : {Role::Reader, Role::Officer, Role::Admin})
        uses[web::role_message(role).key()].push_back({});
    for (int a = 0; a <= static_cast<int>(Action::Undo); ++a)
        uses[web::action_message(static_cast<Action>(a)).key()].push_back({});
    for (const Action action : {Action::Accept, Action::Correct, Action::Missing})
        uses[std::string("review_page.decided_") + to_string(action)].push_back(
            {"officer", "time"});
    for (const auto choice : {web::Choice::Add, web::Choice::Replace, web::Choice::New}) {
        uses[web::name_of(choice).key()].push_back({});
        uses[web::meaning_of(choice).key()].push_back({});
    }
    for (const Literal& code : literals_in(sources_of({"rules", "pipeline", "app/service"})))
        if (swedish().by_key().contains("finding_chip." + code.text))
            uses["finding_chip." + code.text].push_back({});
    return uses;
}

// The same of the keys that are put together.
std::map<std::string, std::vector<Names>> composed_uses() {
    std::map<std::string, std::vector<Names>> uses;
    for (const ocr::RasterFaultFacts& facts : ocr::kRasterFaults) {
        Names numbers;
        for (const char* number : facts.numbers)
            if (number) numbers.insert(number);
        uses[std::string("drawing.") + facts.name].push_back(numbers);
    }
    for (int k = 0; k <= static_cast<int>(FileKind::Unknown); ++k) {
        uses[pipeline::message_for(static_cast<FileKind>(k)).key()].push_back({});
        uses[pipeline::advice_for(static_cast<FileKind>(k)).key()].push_back({});
    }
    for (int v = 0; v < 4; ++v) {
        const auto whole = static_cast<SubmissionVerdict>(v);
        uses[pipeline::message_for(static_cast<FieldVerdict>(v)).key()].push_back({});
        uses[pipeline::message_for(whole).key()].push_back({});
        uses[std::string("explanation.") + to_string(whole)].push_back({});
        if (v < 3) uses[pipeline::message_for(static_cast<Severity>(v)).key()].push_back({});
    }
    const std::string reasons =
        source_of(fs::path(AVTALSKOLL_SOURCE_DIR) / "rules" / "messages.cpp");
    static const std::regex kReason(R"re(\n    "([a-z_]+)",)re");
    for (auto at = std::sregex_iterator(reasons.begin(), reasons.end(), kReason);
         at != std::sregex_iterator(); ++at)
        uses["reason." + (*at)[1].str()].push_back({"label"});
    uses.erase("");
    return uses;
}

TEST(Texts, EveryTextIsUsedAndEveryUseHasItsText) {
    std::map<std::string, std::vector<Names>> uses = uses_in_source();
    EXPECT_GT(uses.size(), 80U);
    for (const auto& more : {composed_uses(), composed_uses_of_pages(), uses_in_tables()})
        for (const auto& [key, given] : more)
            uses[key].insert(uses[key].end(), given.begin(), given.end());
    const auto& texts = swedish().by_key();
    for (const auto& [key, given] : uses) {
        const auto text = texts.find(key);
        ASSERT_NE(text, texts.end()) << "no text for " << key;
        for (const Names& values : given)
            for (const std::string& placeholder : placeholders_of(text->second))
                EXPECT_TRUE(values.contains(placeholder)) << key << " is not given " << placeholder;
    }
    for (const auto& [key, text] : texts) EXPECT_TRUE(uses.contains(key)) << key << " is unused";
}

TEST(Texts, TheChecksCanFail) {
    EXPECT_EQ(placeholders_of("{a} {b:.0f}"), (Names{"a", "b"}));
    const std::string source = R"(Message("x", {{"a", f(1)}, {"b", Message("y", {{"c", 1}})}}); z)";
    EXPECT_EQ(call_at(source, 7), R"(("x", {{"a", f(1)}, {"b", }})");
    EXPECT_TRUE(has_swedish_word("a, och b"));
    EXPECT_FALSE(is_ascii("å"));
}

}  // namespace
}  // namespace avtalskoll

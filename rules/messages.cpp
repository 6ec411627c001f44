#include "rules/messages.h"

#include <fmt/format.h>

#include <map>

namespace avtalskoll::rules {

namespace {

// By reason code; {} is the field's label.
const std::map<std::string, const char*> kMessages{
    {"empty", "{}: fältet är tomt."},
    {"hint_only", "{}: där står bara den förtryckta hjälptexten."},
    {"page_missing", "{} kan inte finnas med: sidan saknas i inlämningen."},
    {"agreement_missing", "{} kan inte finnas med: avtalet saknas i inlämningen."},
    {"page_unknown",
     "{} hittades inte, men inlämningen har sidor som inte kunde kännas igen. Kontrollera "
     "dem."},
    {"file_not_read",
     "{} hittades inte, men inlämningen har filer som inte har lästs. Kontrollera dem."},
    {"other_version",
     "{} står på en sida ur en annan version av avtalet och har inte bedömts. Alla sidor ska "
     "vara ur samma version."},
    {"found_by_label",
     "{} finns på en sida som inte ser ut som blanketten. Kontrollera på bilden av sidan."},
    {"check_digit", "{} har fel kontrollsiffra."},
    {"format", "{} är inte rätt skrivet."},
    {"too_short", "{} är för kort eller innehåller ingen läsbar text."},
    {"unassigned", "{} ser ut som ett telefonnummer men serien används inte. Kontrollera det."},
    {"short_number", "{} är ett kortnummer. Kontrollera att det går att nå kontaktpersonen där."},
    {"several_values", "{} har flera värden. Välj vilket som ska gälla."},
    {"unusual_form", "{} är skrivet på ett ovanligt sätt. Kontrollera och skriv bara värdet."},
    {"not_read", "{} är ifyllt, men texten kunde inte läsas. Läs på bilden."},
    {"copies_differ",
     "{} skiljer sig åt mellan exemplaren av sidan. Kontrollera vilket som gäller."},
    {"stamp_only", "I fältet {} finns bara en stämpel, ingen namnteckning."},
    {"typed_name", "I fältet {} finns bara ett maskinskrivet namn, ingen namnteckning."},
    {"smudge", "I fältet {} finns bara fläckar eller streck, ingen namnteckning."},
    {"wrong_place", "{} saknas på rätt plats; namnteckningen står på motpartens rad."},
    {"digitally_signed",
     "{} för hand saknas, men dokumentet är digitalt underskrivet. Kontrollera den digitala "
     "underskriften."},
    {"time_stamp_only",
     "{} för hand saknas. Filen har en tidsstämpel, men den är ingen persons underskrift. "
     "Kontrollera."},
    {"pasted_signature",
     "{} är en bild i ett dokument som inte har skrivits ut. Be om en underskrift för hand "
     "eller en digital underskrift."},
    {"annotation_ink",
     "{} är ritad eller infogad på skärm ovanpå den skannade sidan. Be om en underskrift för "
     "hand eller en digital underskrift."},
    {"page_damaged",
     "Sidan är skadad i filen, så {} kan ha gått förlorad. Be om sidan på nytt eller "
     "kontrollera på bilden."},
    {"file_differs",
     "{}: det som står i filen är inte det som syns på sidan. Kontrollera på bilden."},
    {"doubtful_signature",
     "Det går inte att avgöra om {} är en namnteckning. Kontrollera på bilden."},
    {"handwritten", "{} är skrivet för hand och kunde inte läsas säkert. Kontrollera på bilden."},
    {"crossed_out", "{} verkar vara överstruket. Kontrollera på bilden."},
    {"refers_to_annex", "{} hänvisar till något annat än fältet. Kontrollera att uppgiften finns."},
    {"conflicts_with_name",
     "{} stämmer inte med namnet eller organisationen; en bokstav kan vara felläst. "
     "Kontrollera på bilden."},
    {"repaired_by_name", "{}: en bokstav var svårläst och är rättad efter kontaktpersonens namn."},
    {"repaired_by_organisation",
     "{}: en bokstav var svårläst och är rättad efter organisationens namn."},
    {"low_confidence", "{} kunde inte läsas säkert. Kontrollera på bilden."},
    {"misplaced_page",
     "Sidan kunde inte läggas rätt mot blanketten, så {} kunde inte bedömas. Kontrollera på "
     "bilden."},
};

}  // namespace

std::string message_for(const std::string& reason, const std::string& label) {
    if (reason.empty()) return {};
    const auto at = kMessages.find(reason);
    const std::string text = at == kMessages.end() ? "{} behöver kontrolleras." : at->second;
    return fmt::format(fmt::runtime(text), label);
}

}  // namespace avtalskoll::rules

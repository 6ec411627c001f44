# Writes OUT, a C++ file that holds the FILES below ROOT as text.
set(cases "")
foreach(file ${FILES})
    file(READ ${ROOT}/${file} text)
    string(APPEND cases "    if (name == \"${file}\") return R\"~asset~(${text})~asset~\";\n")
endforeach()
string(CONCAT source
    "#include \"app/web/html.h\"\n\n"
    "namespace avtalskoll::app::web {\n\n"
    "std::string_view asset(std::string_view name) {\n${cases}    return {};\n}\n\n"
    "}  // namespace avtalskoll::app::web\n")
file(WRITE ${OUT} "${source}")

# Makes the manual's pages and the shell's completion from the program itself.
# PROGRAM: the program; OUT: a folder; VERSION: the program's.
file(REMOVE_RECURSE ${OUT})
file(MAKE_DIRECTORY ${OUT}/man ${OUT}/completion)
execute_process(COMMAND ${PROGRAM} completion OUTPUT_FILE ${OUT}/completion/avtalskoll
    COMMAND_ERROR_IS_FATAL ANY)

function(manual_page command)
    string(REPLACE " " "-" name "avtalskoll ${command}")
    string(STRIP "${PROGRAM} ${command}" executable)
    string(REGEX REPLACE "-$" "" name ${name})
    separate_arguments(words UNIX_COMMAND "${command}")
    execute_process(COMMAND ${PROGRAM} ${words} --help OUTPUT_VARIABLE help
        COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCH "^[^\n]+" summary "${help}")
    execute_process(
        COMMAND help2man --no-info --version-string "avtalskoll ${VERSION}" --name "${summary}"
            --output ${OUT}/man/${name}.1 "${executable}"
        COMMAND_ERROR_IS_FATAL ANY)
endfunction()

manual_page("")
foreach(command check watch signature form submissions purge doctor serve user token
    submit worker dead store)
    manual_page("${command}")
endforeach()

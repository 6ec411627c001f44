# Makes what was installed for the package as Debian wants it. CPack runs it before it packs.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(doc ${root}/usr/share/doc/avtalskoll)
file(REMOVE ${doc}/LICENSE)  # the file copyright says where Debian keeps it
execute_process(COMMAND git log -1 --format=%cD WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
    OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT date)
    execute_process(COMMAND date -R -r ${CMAKE_CURRENT_LIST_DIR}/CMakeLists.txt
        OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/debian/changelog.in ${doc}/changelog @ONLY)
file(GLOB to_compress ${root}/usr/share/man/man1/*.1 ${doc}/changelog ${doc}/CHANGELOG.md)
execute_process(COMMAND gzip -9nf ${to_compress} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND find ${root} -type d -exec chmod 0755 {} + COMMAND_ERROR_IS_FATAL ANY)

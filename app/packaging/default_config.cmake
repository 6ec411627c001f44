# Makes the package's configuration file. PROGRAM: the program; SERVICES: what its services use;
# CONFIG: the file.
execute_process(COMMAND ${CMAKE_COMMAND} -E env AVTALSKOLL_CONFIG= ${PROGRAM} configuration
    OUTPUT_VARIABLE options COMMAND_ERROR_IS_FATAL ANY)
file(READ ${SERVICES} services)
file(WRITE ${CONFIG} "${services}${options}")

# cmake -D WAY=find_package|add_subdirectory -D SOURCE_DIR=… -D BINARY_DIR=… -D WORK_DIR=… … -P check.cmake
#
# Builds, installs and runs the project in the folder WAY from nothing. What is found through find_package is a system
# include directory, where warnings are not seen, so there main.cpp is also compiled by hand with a plain -I.

set(warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
set(data ${SOURCE_DIR}/examples/data/penguins.csv)
set(prefix ${WORK_DIR}/prefix)

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        string(REPLACE ";" " " command "${ARGN}")
        message("${output}")
        message(FATAL_ERROR "  failed (${result}): ${command}")
    endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
if(WAY STREQUAL "find_package")
    run(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${prefix})
endif()

string(REPLACE ";" " " flags "${warnings}")
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/consumer/${WAY} -B ${WORK_DIR}/build -G ${GENERATOR}
    -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_FLAGS=-O1\ ${flags} -D Eigen3_DIR=${EIGEN}
    -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_INSTALL_PREFIX=${WORK_DIR}/consumer -D TENON_SOURCE_DIR=${SOURCE_DIR})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
run(${CMAKE_COMMAND} --install ${WORK_DIR}/build)
run(${WORK_DIR}/consumer/bin/consumer ${data})

file(GLOB_RECURSE installed RELATIVE ${WORK_DIR}/consumer ${WORK_DIR}/consumer/*)
if(NOT installed STREQUAL "bin/consumer")
    message(FATAL_ERROR "  the consumer's installation holds more than its program: ${installed}")
endif()

if(WAY STREQUAL "find_package")
    string(REPLACE ":" ";-isystem;" eigen "-isystem;${EIGEN_DIRS}")
    run(${CXX} -std=c++20 -O1 ${warnings} -I ${prefix}/include ${eigen}
        ${SOURCE_DIR}/tests/consumer/main.cpp -o ${WORK_DIR}/plain)
    run(${WORK_DIR}/plain ${data})
endif()

# cmake -D FILE=… -D TWIN=… -D PRECOMPILED=… -D CXX=… -D CXX_ID=… -D INCLUDE_DIR=… -D EIGEN_DIRS=a:b -P check.cmake
#
# PRECOMPILED, where it is given, is the header that FILE includes, precompiled.
#
# Messages begin with two spaces, which keeps CMake from breaking their lines.
#
# FILE begins with '// expect: <text>' and holds '#ifdef MISTAKE … #else … #endif'.
# - Without MISTAKE it compiles, which is checked where TWIN is true.
# - With MISTAKE it does not; the first line that holds 'error:' holds the text and has at most 500 characters
#   (with '// any: 1' as the second line any line that holds 'error:' may hold the text);
#   the compiler prints at most 12 lines (g++) or 30 (clang).

set(ENV{LC_ALL} C)
file(READ ${FILE} source)
if(NOT source MATCHES "^// expect: ([^\n]+)\n")
    message(FATAL_ERROR "  ${FILE}: the first line must be '// expect: <text>'")
endif()
set(expected "${CMAKE_MATCH_1}")
set(any FALSE)
if(source MATCHES "^[^\n]*\n// any: 1\n")
    set(any TRUE)
endif()

set(command ${CXX} -std=c++20 -fsyntax-only -fdiagnostics-color=never -I ${INCLUDE_DIR})
string(REPLACE ":" ";" EIGEN_DIRS "${EIGEN_DIRS}")
foreach(dir IN LISTS EIGEN_DIRS)
    list(APPEND command -isystem ${dir})
endforeach()

if(PRECOMPILED AND CXX_ID STREQUAL "GNU")
    list(APPEND command -include ${PRECOMPILED})
elseif(PRECOMPILED)
    list(APPEND command -include-pch ${PRECOMPILED}.pch)
endif()

if(TWIN)
    execute_process(COMMAND ${command} ${FILE} RESULT_VARIABLE result ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        message("${output}")
        message(FATAL_ERROR "  ${FILE} does not compile without MISTAKE")
    endif()
endif()

execute_process(COMMAND ${command} -DMISTAKE ${FILE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(result EQUAL 0)
    message(FATAL_ERROR "  ${FILE} compiles with MISTAKE")
endif()

set(faults "")

string(REGEX MATCH "[^\n]*error:[^\n]*" first "${output}")
string(LENGTH "${first}" length)
if(length GREATER 500)
    string(APPEND faults "\n  the first error line has ${length} characters, at most 500 are allowed")
endif()

set(place -1)
set(rest "${output}")
while(place EQUAL -1 AND rest MATCHES "[^\n]*error:[^\n]*")
    set(line "${CMAKE_MATCH_0}")
    string(FIND "${line}" "${expected}" place)
    string(FIND "${rest}" "${line}" begin)
    string(LENGTH "${line}" length)
    math(EXPR begin "${begin} + ${length}")
    string(SUBSTRING "${rest}" ${begin} -1 rest)
    if(NOT any)
        break()
    endif()
endwhile()
if(place EQUAL -1 AND any)
    string(APPEND faults "\n  no error line holds '${expected}'")
elseif(place EQUAL -1)
    string(APPEND faults "\n  the first error line does not hold '${expected}'")
endif()

set(limit 30)
if(CXX_ID STREQUAL "GNU")
    set(limit 12)
endif()
string(REGEX REPLACE "[^\n]" "" newlines "${output}")
string(LENGTH "${newlines}" lines)
if(lines GREATER limit)
    string(APPEND faults "\n  ${lines} lines of output, at most ${limit} are allowed")
endif()

if(faults)
    message("${output}")
    message(FATAL_ERROR "  ${FILE}${faults}")
endif()

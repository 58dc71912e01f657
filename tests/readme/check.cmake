# cmake -D README=… -D DATA=… -D WORK_DIR=… -D CXX=… -D INCLUDE_DIR=… -D EIGEN_DIRS=a:b -P check.cmake
#
# Takes each ```cpp block that follows a line <!-- test --> as a whole program, compiles it and runs it in a fresh folder
# that holds a copy of the examples' data. The program must end with 0.

string(REPLACE ":" ";-isystem;" eigen "-isystem;${EIGEN_DIRS}")
set(opening "<!-- test -->\n```cpp\n")
string(LENGTH "${opening}" opening_length)
file(READ ${README} rest)
file(REMOVE_RECURSE ${WORK_DIR})

set(count 0)
string(FIND "${rest}" "${opening}" begin)
while(NOT begin EQUAL -1)
    math(EXPR begin "${begin} + ${opening_length}")
    string(SUBSTRING "${rest}" ${begin} -1 rest)
    string(FIND "${rest}" "\n```" length)
    string(SUBSTRING "${rest}" 0 ${length} program)

    math(EXPR count "${count} + 1")
    set(dir ${WORK_DIR}/${count})
    file(MAKE_DIRECTORY ${dir})
    if(EXISTS ${DATA})
        file(COPY ${DATA}/ DESTINATION ${dir})
    endif()
    file(WRITE ${dir}/snippet.cpp "${program}\n")
    execute_process(
        COMMAND ${CXX} -std=c++20 -O1 -Wall -Wextra -Werror -I ${INCLUDE_DIR} ${eigen} snippet.cpp -o snippet
        WORKING_DIRECTORY ${dir} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "  program ${count} of the README does not compile: ${dir}/snippet.cpp")
    endif()
    execute_process(COMMAND ./snippet WORKING_DIRECTORY ${dir} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "  program ${count} of the README ends with ${result}: ${dir}/snippet.cpp")
    endif()

    string(FIND "${rest}" "${opening}" begin)
endwhile()

file(READ ${README} text)
string(REGEX MATCHALL "<!-- test -->" marks "${text}")
list(LENGTH marks marked)
if(count EQUAL 0 OR NOT marked EQUAL count)
    message(FATAL_ERROR "  ${marked} marks in the README, ${count} programs behind them")
endif()

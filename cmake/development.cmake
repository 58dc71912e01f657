# What the library's own tests, examples and benchmarks share. None of it reaches a user of tenon::tenon.

set(CMAKE_CXX_EXTENSIONS OFF)
# Errors in the presets that test; whoever builds the examples with another compiler need not be stopped by a new warning.
set(tenon_warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow)

# g++ 12 reads std::string's operator+ as writing out of bounds (its bug 105651), depending on what it inlines.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND tenon_warnings -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# Eigen's include directories as they stand on a compiler's command line, for scripts that call the compiler themselves.
set(tenon_eigen_dirs "$<JOIN:$<TARGET_PROPERTY:Eigen3::Eigen,INTERFACE_INCLUDE_DIRECTORIES>,:>")

# A program of our own. tenon's headers come through a plain -I, so their warnings count; Eigen's through -isystem.
function(tenon_add_executable target)
    add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE tenon::tenon)
    target_compile_options(${target} PRIVATE ${tenon_warnings})
endfunction()

# The target to link for the header interop/<name>.hpp, or nothing where its package is not installed.
function(tenon_find_interop name out)
    if(name STREQUAL "xtensor")
        find_package(xtensor QUIET)
        set(package xtensor)
        set(target xtensor)
    elseif(name STREQUAL "mpi")
        find_package(MPI QUIET COMPONENTS CXX)
        set(package MPI)
        set(target MPI::MPI_CXX)
    elseif(name STREQUAL "openmp")
        find_package(OpenMP QUIET COMPONENTS CXX)
        set(package OpenMP)
        set(target OpenMP::OpenMP_CXX)
    endif()
    if(NOT package OR NOT ${package}_FOUND)
        message(STATUS "interop/${name} is not tested: the package it needs was not found")
        set(target)
    endif()
    set(${out} "${target}" PARENT_SCOPE)
endfunction()

# Installs the headers and what find_package(tenon) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(tenon_package_dir ${CMAKE_INSTALL_DATAROOTDIR}/cmake/tenon)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/tenon
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp" PATTERN "*.inc")
install(TARGETS tenon EXPORT tenon-targets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT tenon-targets NAMESPACE tenon:: DESTINATION ${tenon_package_dir})

configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/tenon-config.cmake.in
    ${PROJECT_BINARY_DIR}/tenon-config.cmake
    INSTALL_DESTINATION ${tenon_package_dir})
# Headers serve any word size, so the version file must not ask for one.
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/tenon-config-version.cmake
    COMPATIBILITY SameMinorVersion
    ARCH_INDEPENDENT)
install(FILES
    ${PROJECT_BINARY_DIR}/tenon-config.cmake
    ${PROJECT_BINARY_DIR}/tenon-config-version.cmake
    ${PROJECT_SOURCE_DIR}/cmake/tenon-xtensor.cmake
    DESTINATION ${tenon_package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/tenon)

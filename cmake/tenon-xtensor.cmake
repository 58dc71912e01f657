# The target tenon::xtensor, for <tenon/interop/xtensor.hpp>, where xtensor (0.24 or newer) is found: for
# find_package(tenon COMPONENTS xtensor), and for a parent project that turns TENON_XTENSOR on.
if(NOT TARGET tenon::xtensor)
    find_package(xtensor QUIET)
    if(xtensor_FOUND)
        add_library(tenon::xtensor INTERFACE IMPORTED GLOBAL)
        set_target_properties(tenon::xtensor PROPERTIES INTERFACE_LINK_LIBRARIES "tenon::tenon;xtensor")
    endif()
endif()

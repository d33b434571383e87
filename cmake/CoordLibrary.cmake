# libcoord: base, etcd and recipe as one shared library with their public headers, for other programs. It links the
# distribution's shared gRPC; everything that is not of namespace coord stays inside of it (libcoord.map).
set(COORD_SOVERSION 0)  # grows when a program that was linked to the last one would break; apart from the version

add_library(coord_library SHARED)
foreach(room IN ITEMS proto base etcd recipe)
  target_sources(coord_library PRIVATE $<TARGET_OBJECTS:coord_${room}>)
endforeach()
set_target_properties(coord_library PROPERTIES
  OUTPUT_NAME coord EXPORT_NAME coord VERIFY_INTERFACE_HEADER_SETS ON VERSION ${COORD_RELEASE} SOVERSION ${COORD_SOVERSION}
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/package/libcoord.map)
target_compile_features(coord_library INTERFACE cxx_std_23)
target_link_libraries(coord_library PRIVATE ${GRPC_LIBRARIES} ${PROTOBUF_LIBRARIES} resolv Threads::Threads)
target_link_options(coord_library PRIVATE
  -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/package/libcoord.map
  -Wl,-z,relro,-z,now -Wl,-z,defs -Wl,--as-needed $<$<CONFIG:Release>:-s>)

# The public headers: those whose first line does not say "Internal". The build compiles each of them alone.
function(coord_public_headers room)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/coord/${room}/*.hpp)
  foreach(header IN LISTS headers)
    file(STRINGS ${header} first LIMIT_COUNT 1)
    if(NOT first MATCHES "^// Internal")
      target_sources(coord_library INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/lib FILES ${header})
    endif()
  endforeach()
endfunction()
foreach(room IN ITEMS base etcd recipe)
  coord_public_headers(${room})
endforeach()
add_custom_target(public_headers ALL)
add_dependencies(public_headers coord_library_verify_interface_header_sets)

install(TARGETS coord_library EXPORT coordTargets
  LIBRARY COMPONENT lib NAMELINK_COMPONENT dev
  FILE_SET HEADERS COMPONENT dev)
install(EXPORT coordTargets NAMESPACE coord:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/coord COMPONENT dev)

include(CMakePackageConfigHelpers)
configure_package_config_file(cmake/package/coordConfig.cmake.in ${PROJECT_BINARY_DIR}/coordConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/coord)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/coordConfigVersion.cmake VERSION ${COORD_RELEASE}
  COMPATIBILITY SameMinorVersion)
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)  # so that it may be moved
string(REGEX REPLACE "/$" "" up "${up}")
configure_file(cmake/package/coord.pc.in ${PROJECT_BINARY_DIR}/coord.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/coordConfig.cmake ${PROJECT_BINARY_DIR}/coordConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/coord COMPONENT dev)
install(FILES ${PROJECT_BINARY_DIR}/coord.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
install(DIRECTORY man/examples/libcoord/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libcoord-dev/examples COMPONENT dev)

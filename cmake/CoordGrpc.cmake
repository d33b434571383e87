# coord_grpc, coord_fmt and coord_re2: the libraries to link with. By default statically, TLS and fmt too: a command lasts a few
# milliseconds, and the loader would take as long again for shared ones (libcrypto alone 2 ms). A distribution that wants
# to mend TLS without building coord again takes COORD_STATIC=OFF.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(GRPC REQUIRED grpc++>=1.51)
pkg_check_modules(PROTOBUF REQUIRED protobuf)
pkg_check_modules(RE2 REQUIRED re2)
find_program(COORD_PROTOC protoc REQUIRED)
find_program(COORD_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)

# fmt has no archive in Debian, and the shared one would bring the shared libstdc++ with it.
add_library(coord_fmt INTERFACE)
if(COORD_STATIC)
  target_link_libraries(coord_fmt INTERFACE fmt::fmt-header-only)
else()
  target_link_libraries(coord_fmt INTERFACE fmt::fmt)
endif()

set(COORD_DYNAMIC dl rt m atomic pthread)  # of libc: never linked statically

# coord_archives(TARGET LIBRARY…): the archives of these, as pkg-config lists them: each in front of those that it needs. By their
# paths: of several -Wl,-Bstatic on a line CMake keeps one, and all else becomes shared.
function(coord_archives target)
  list(REVERSE ARGN)
  list(REMOVE_DUPLICATES ARGN)
  list(REVERSE ARGN)
  list(REMOVE_ITEM ARGN ${COORD_DYNAMIC})
  foreach(library IN LISTS ARGN)
    find_library(COORD_ARCHIVE_${library} lib${library}.a REQUIRED)
    mark_as_advanced(COORD_ARCHIVE_${library})
    target_link_libraries(${target} INTERFACE ${COORD_ARCHIVE_${library}})
  endforeach()
  target_link_libraries(${target} INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
endfunction()

# Regular expressions of conditions; gRPC brings it along.
add_library(coord_re2 INTERFACE)
if(COORD_STATIC)
  coord_archives(coord_re2 ${RE2_STATIC_LIBRARIES})
else()
  target_link_libraries(coord_re2 INTERFACE ${RE2_LIBRARIES} Threads::Threads)
endif()

# What the doctor looks at certificates with; gRPC brings it along too.
find_package(OpenSSL REQUIRED)
add_library(coord_ssl INTERFACE)
if(COORD_STATIC)
  pkg_check_modules(SSL REQUIRED libssl)
  coord_archives(coord_ssl ${SSL_STATIC_LIBRARIES})
else()
  target_link_libraries(coord_ssl INTERFACE OpenSSL::SSL)
endif()

add_library(coord_grpc INTERFACE)
target_include_directories(coord_grpc SYSTEM INTERFACE ${GRPC_INCLUDE_DIRS} ${PROTOBUF_INCLUDE_DIRS})

function(coord_static_grpc_libraries out)
  set(libraries protobuf ${GRPC_STATIC_LIBRARIES})
  list(REMOVE_DUPLICATES libraries)
  set(archives "")
  set(rest "")
  foreach(library IN LISTS libraries)
    if(library IN_LIST COORD_DYNAMIC)
      list(APPEND rest ${library})
    else()
      list(APPEND archives ${library})
    endif()
  endforeach()
  list(JOIN archives ";-l" archives)
  set(${out} "-Wl,-Bstatic;-Wl,--start-group;-l${archives};-Wl,--end-group;-Wl,-Bdynamic;${rest}" PARENT_SCOPE)
endfunction()

if(COORD_STATIC)
  coord_static_grpc_libraries(grpc_libraries)
  target_link_libraries(coord_grpc INTERFACE ${grpc_libraries} Threads::Threads)
else()
  target_link_libraries(coord_grpc INTERFACE ${GRPC_LIBRARIES} ${PROTOBUF_LIBRARIES} Threads::Threads)
endif()

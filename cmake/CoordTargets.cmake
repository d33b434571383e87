# How every target of coord is compiled: language, warnings, hardening, sanitizers; and coord_room(), a library a folder.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

include(CheckPIESupported)
check_pie_supported()

if(COORD_SANITIZE)
  add_compile_options(-fsanitize=${COORD_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${COORD_SANITIZE})
endif()

# No path of the machine that built it goes into the binary.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
cmake_path(IS_PREFIX PROJECT_SOURCE_DIR ${PROJECT_BINARY_DIR} NORMALIZE inside)
if(NOT inside)
  add_compile_options(-ffile-prefix-map=${PROJECT_BINARY_DIR}=./build)
endif()

add_library(coord_flags INTERFACE)
target_compile_options(coord_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wno-missing-field-initializers  # designated initializers leave the rest at its default on purpose
  -fstack-protector-strong
  $<$<BOOL:${COORD_WERROR}>:-Werror>
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_link_options(coord_flags INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed $<$<CONFIG:Release>:-s>)
if(COORD_STATIC AND NOT COORD_SANITIZE)
  target_link_options(coord_flags INTERFACE -static-libstdc++ -static-libgcc -Wl,-z,pack-relative-relocs)
endif()
target_include_directories(coord_flags INTERFACE ${PROJECT_SOURCE_DIR}/lib)

# coord_room(NAME SOURCES a.cpp … PUBLIC lower … PRIVATE hidden …): the static library coord_NAME of one folder.
function(coord_room name)
  cmake_parse_arguments(room "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(coord_${name} STATIC ${room_SOURCES})
  target_link_libraries(coord_${name} PUBLIC coord_flags ${room_PUBLIC} PRIVATE ${room_PRIVATE})
endfunction()

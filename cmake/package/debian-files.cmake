# Run by cpack on what is to be packed: adds what Debian's policy wants of every package, and compresses the manual pages.
cmake_minimum_required(VERSION 3.25)
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(ENV{SOURCE_DATE_EPOCH} ${CPACK_COORD_DATE})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

function(coord_gzip file)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# What lintian says and is meant so: zlib is linked into the binary, which starts faster then; cpack itself writes the
# scripts that call ldconfig.
file(WRITE ${CPACK_TEMPORARY_DIRECTORY}/cli/usr/share/lintian/overrides/coord
  "coord: embedded-library zlib [usr/bin/coord]\n")
if("lib" IN_LIST CPACK_COMPONENTS_ALL)
  file(WRITE ${CPACK_TEMPORARY_DIRECTORY}/lib/usr/share/lintian/overrides/libcoord0
    "libcoord0: maintscript-calls-ldconfig [postinst]\nlibcoord0: maintscript-calls-ldconfig [postrm]\n")
endif()

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  set(package ${CPACK_COORD_PACKAGE_${component}})
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr)
  set(doc ${root}/share/doc/${package})
  file(COPY ${CPACK_COORD_SOURCE_DIR}/cmake/package/copyright DESTINATION ${doc})
  configure_file(${CPACK_COORD_SOURCE_DIR}/CHANGELOG.md ${doc}/changelog COPYONLY)
  file(WRITE ${doc}/changelog.Debian "${package} (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; "
    "urgency=medium\n\n  * What is new is told in changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  coord_gzip(${doc}/changelog)
  coord_gzip(${doc}/changelog.Debian)
  file(GLOB pages ${root}/share/man/*/*.[1-9])
  foreach(page IN LISTS pages)
    coord_gzip(${page})
  endforeach()
  file(GLOB_RECURSE files ${root}/share/*)
  file(CHMOD ${files} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()

# What is installed beside the binary, and the packages that cpack makes of it: coord, libcoord0 and libcoord-dev for Debian.
set(COORD_BASH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING "For completions/coord.bash")
set(COORD_ZSH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions CACHE STRING "For completions/_coord")
set(COORD_FISH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d CACHE STRING "For completions/coord.fish")
set(COORD_MAINTAINER "The coord maintainers <maintainers@coord.invalid>" CACHE STRING "Who answers for the packages")

install(FILES completions/coord.bash DESTINATION ${COORD_BASH_COMPLETION_DIR} RENAME coord COMPONENT cli)
install(FILES completions/_coord DESTINATION ${COORD_ZSH_COMPLETION_DIR} COMPONENT cli)
install(FILES completions/coord.fish DESTINATION ${COORD_FISH_COMPLETION_DIR} COMPONENT cli)
foreach(section IN ITEMS 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT cli)
endforeach()
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT cli)
install(FILES man/picture/coord.svg DESTINATION ${CMAKE_INSTALL_DOCDIR}/man/picture COMPONENT cli) # where README.md finds it
foreach(folder IN ITEMS cron docker github gitlab kubernetes systemd)
  install(DIRECTORY man/examples/${folder} DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT cli)
endforeach()

set(CPACK_PACKAGE_NAME coord)
set(CPACK_PACKAGE_VERSION ${COORD_DEBIAN_VERSION})
set(CPACK_PACKAGE_VENDOR "coord")
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # tests are no part of it; ./dev package builds first
set(CPACK_PACKAGE_CONTACT ${COORD_MAINTAINER})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL cli)
if(COORD_LIBRARY)
  list(APPEND CPACK_COMPONENTS_ALL lib dev)
endif()
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/package/debian-files.cmake)
set(CPACK_COORD_SOURCE_DIR ${PROJECT_SOURCE_DIR})
set(CPACK_COORD_DATE ${COORD_DATE})
set(CPACK_COORD_PACKAGE_cli coord)
set(CPACK_COORD_PACKAGE_lib libcoord0)
set(CPACK_COORD_PACKAGE_dev libcoord-dev)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 0)  # not Debian's own
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})

set(CPACK_DEBIAN_CLI_PACKAGE_NAME coord)
set(CPACK_DEBIAN_CLI_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_CLI_PACKAGE_RECOMMENDS bash-completion)
set(CPACK_DEBIAN_CLI_PACKAGE_SUGGESTS "etcd-server, libcoord-dev")
set(CPACK_DEBIAN_CLI_DESCRIPTION "coordinate shell scripts and hosts over etcd
Locks, read-write locks, semaphores, elections, queues, barriers,
transactions, service discovery, messages and watches on an etcd
cluster, each as one command.
.
A command that runs under a lock is stopped, with all that it has
started, before anybody else can hold the lock. The keys are those of
etcd's own Go packages.")

set(CPACK_DEBIAN_LIB_PACKAGE_NAME libcoord0)
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/package/triggers)
set(CPACK_DEBIAN_LIB_DESCRIPTION "coordination over etcd: shared library
What the command coord is made of: a client of etcd with sessions and
watches, and locks, elections, queues, barriers and transactions on top
of it, compatible on the wire with etcd's own Go packages.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libcoord-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libcoord0 (= ${COORD_DEBIAN_VERSION}-0)")
set(CPACK_DEBIAN_DEV_DESCRIPTION "coordination over etcd: headers
Headers of libcoord, for programs in C++23, with what CMake and
pkg-config need to find it. They need no headers of gRPC.")

include(CPack)

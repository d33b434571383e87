# COORD_VERSION: git describe where there is a tag, else the project's version with the commit behind it.
# COORD_RELEASE: the numbers that it begins with. COORD_DEBIAN_VERSION: without a hyphen, behind which Debian's own revision
# stands: 0.1.0-3-gabc is 0.1.0+3.gabc; and older than 1.0.0 is 1.0.0~rc1.
# COORD_DATE: of that commit, in seconds since 1970, or SOURCE_DATE_EPOCH; what is built twice is then the same.
# A tarball of `git archive` has both in archive-version.txt.
set(COORD_VERSION ${PROJECT_VERSION})
set(COORD_DATE 0)
set(described "")
set(commit "")

# As many digits of the commit everywhere: git's own number depends on how much the clone has. And root may build another user's.
find_package(Git QUIET)
if(GIT_FOUND AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  function(coord_git out)
    execute_process(COMMAND ${GIT_EXECUTABLE} -c safe.directory=* ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      OUTPUT_VARIABLE words OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(failed)
      set(words "")
    endif()
    set(${out} "${words}" PARENT_SCOPE)
  endfunction()
  coord_git(described describe --tags "--match=v[0-9]*" --abbrev=10 --dirty)
  coord_git(commit describe --always --exclude=* --abbrev=10 --dirty=.dirty)
  coord_git(date log -1 --no-show-signature --format=%ct)
else()
  file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/archive-version.txt words LIMIT_COUNT 1)
  if(words MATCHES "^(v[^ ]*)? ?([0-9a-f]+) ([0-9]+)$")
    set(described "${CMAKE_MATCH_1}")
    set(commit ${CMAKE_MATCH_2})
    set(date ${CMAKE_MATCH_3})
    string(SUBSTRING ${commit} 0 10 commit)
  endif()
endif()

if(described)
  string(REGEX REPLACE "^v" "" COORD_VERSION "${described}")
elseif(commit)
  string(APPEND COORD_VERSION "+git.${commit}")
endif()
string(REGEX MATCH "^[0-9]+(\\.[0-9]+)*" COORD_RELEASE "${COORD_VERSION}")
string(REGEX REPLACE "^([0-9.]+)-(alpha|beta|rc)" "\\1~\\2" COORD_DEBIAN_VERSION "${COORD_VERSION}")
string(REGEX REPLACE "^([^-]*)-" "\\1+" COORD_DEBIAN_VERSION "${COORD_DEBIAN_VERSION}")
string(REPLACE "-" "." COORD_DEBIAN_VERSION "${COORD_DEBIAN_VERSION}")
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(COORD_DATE $ENV{SOURCE_DATE_EPOCH})
elseif(date)
  set(COORD_DATE ${date})
endif()
file(WRITE ${PROJECT_BINARY_DIR}/version.env
  "COORD_VERSION=${COORD_VERSION}\nCOORD_DEBIAN_VERSION=${COORD_DEBIAN_VERSION}\nSOURCE_DATE_EPOCH=${COORD_DATE}\n")

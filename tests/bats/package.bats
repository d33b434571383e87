# What is installed and packed: the files, the public headers, programs of others on libcoord, Debian packages.
load ../lib/etcd

setup_file() {
  readonly BUILD=${COORD%/bin/*}
  export BUILD SOURCES=$BATS_TEST_DIRNAME/../.. ROOT=$BATS_FILE_TMPDIR/root PACKAGES=$BATS_FILE_TMPDIR/packages
  grep -q '^COORD_LIBRARY:BOOL=ON' "$BUILD/CMakeCache.txt" || skip "this build has no libcoord"
  etcd_start
  cmake --install "$BUILD" --prefix "$ROOT" >/dev/null
  LIBRARIES=$(dirname "$(find "$ROOT/lib" -name libcoord.so)")
  export LIBRARIES
}
teardown_file() { etcd_teardown; }

@test "the installed binary runs, and nothing is installed outside of the prefix" {
  run -0 "$ROOT/bin/coord" version
  run -1 grep -v "^$ROOT/" "$BUILD/install_manifest.txt"
}

# That each of them compiles alone is seen to by the build.
@test "the public headers need no header of gRPC, Protobuf, Abseil, JSON or CLI11" {
  mapfile -t headers < <(find "$ROOT/include" -name '*.hpp')
  ((${#headers[@]} > 30))
  run -0 g++ -std=c++23 -x c++ -M -I "$ROOT/include" "${headers[@]}"
  refute_output --regexp '/(grpc|grpcpp|google|absl|nlohmann|CLI)/'
}

@test "one program may include all public headers" {
  find "$ROOT/include" -name '*.hpp' -printf '#include <%P>\n' >"$BATS_TEST_TMPDIR/all.cpp"
  g++ -std=c++23 -fsyntax-only -I "$ROOT/include" "$BATS_TEST_TMPDIR/all.cpp"
}

@test "Doxygen makes pages of the public headers, and has nothing to say" {
  command -v doxygen >/dev/null || skip "doxygen is not installed"
  local pages=$BATS_TEST_TMPDIR/docs/html
  (cd "$SOURCES" && cmake/package/docs "$BATS_TEST_TMPDIR/docs") >"$BATS_TEST_TMPDIR/said" 2>&1
  assert_equal "$(<"$BATS_TEST_TMPDIR/said")" ""
  grep -q 'mutex of etcd.*s Go package' "$pages/classcoord_1_1recipe_1_1Lock.html"
  grep -q 'Blocks until owned' "$pages/classcoord_1_1recipe_1_1Lock.html"
  grep -q 'compacted away' "$pages/namespacecoord.html"
  [[ ! -e $pages/classcoord_1_1etcd_1_1Transport.html ]] # internal
}

@test "libcoord shows nothing but namespace coord" {
  nm -DC --defined-only "$LIBRARIES/libcoord.so" | cut -d' ' -f3- >"$BATS_TEST_TMPDIR/symbols"
  grep -qF 'coord::recipe::Lock::acquire' "$BATS_TEST_TMPDIR/symbols"
  run -1 grep -E '^((vtable|typeinfo|typeinfo name) for )?(grpc|google|etcdserverpb|mvccpb|fmt|absl)::' "$BATS_TEST_TMPDIR/symbols"
}

@test "a program of somebody else's finds libcoord through CMake, and its three examples work" {
  local build=$BATS_TEST_TMPDIR/build
  cmake -S "$SOURCES/man/examples/libcoord" -B "$build" -G Ninja -DCMAKE_PREFIX_PATH="$ROOT" >/dev/null
  cmake --build "$build" >/dev/null

  run -0 "$build/lock" "$ETCD_ENDPOINT" example key value
  assert_line 'written'
  [[ $("$COORD" get --print-value-only key) == value ]]
  [[ -z $("$COORD" get --prefix example --keys-only) ]]

  "$COORD" put from 10 && "$COORD" put to 1
  run -0 "$build/transfer" "$ETCD_ENDPOINT" from to 4
  [[ $("$COORD" get --print-value-only from) == 6 && $("$COORD" get --print-value-only to) == 5 ]]
  run -1 "$build/transfer" "$ETCD_ENDPOINT" from to 40
  assert_output 'transfer: from has too little'

  run -0 "$COORD" elect chief me -- "$build/observe" "$ETCD_ENDPOINT" chief 1
  assert_output me
}

@test "and through pkg-config" {
  local flags
  read -ra flags < <(PKG_CONFIG_PATH=$LIBRARIES/pkgconfig pkg-config --cflags --libs coord)
  g++ -std=c++23 "$SOURCES/man/examples/libcoord/transfer.cpp" -o "$BATS_TEST_TMPDIR/transfer" "${flags[@]}"
  LD_LIBRARY_PATH=$LIBRARIES run -1 "$BATS_TEST_TMPDIR/transfer" "$ETCD_ENDPOINT" nothing here 1
  assert_output 'transfer: there is no nothing'
}

@test "packed twice it is the same, byte for byte" {
  (cd "$SOURCES" && cmake/package/pack "$BUILD" "$PACKAGES" && cmake/package/pack "$BUILD" "$BATS_TEST_TMPDIR/again")
  diff -r "$PACKAGES" "$BATS_TEST_TMPDIR/again"
  (($(find "$PACKAGES" -type f | wc -l) >= 4))
}

@test "lintian has nothing to say about the Debian packages" {
  run -0 lintian --allow-root --fail-on error,warning "$PACKAGES"/*.deb
  refute_output
}

@test "the Debian packages are installed, work, and leave nothing behind when they are removed" {
  local root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/var/lib/dpkg/"{info,updates,triggers}
  touch "$root/var/lib/dpkg/"{status,available}
  local dpkg=(dpkg --root="$root" --force-not-root --force-depends --force-script-chrootless --log=/dev/null)
  "${dpkg[@]}" --install "$PACKAGES"/*.deb
  run -0 "$root/usr/bin/coord" get --count-only --prefix ''
  "${dpkg[@]}" --purge coord libcoord0 libcoord-dev
  run -0 find "$root" -path "$root/var" -prune -o -type f -print
  refute_output
}

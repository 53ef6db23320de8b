// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.stack.LocalStackExtension;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * Runs each Lua file in a real Redis, with the arguments that its head documents, in that order.
 */
class ScriptsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final String EPOCH = "EPOCHTAG";
  private static final String EPOCH_HEX = "45504f4348544147";
  private static final String LIFE_MILLIS = "60000";
  private static final String HOLD_MILLIS = "10000";

  /** A lease: format 1, kind L, and an identification. */
  private static final String LEASE = "\u0001Lone";

  private static final String OTHER_LEASE = "\u0001Ltwo";

  /** A fence: format 1, kind F. */
  private static final String FENCE = "\u0001F";

  private Jedis redis;
  private String key;
  private String another;

  @BeforeEach
  void open() {
    redis = new Jedis(stack.redis().host(), stack.redis().port());
    key = "scripts:" + Users.unique();
    another = "scripts:" + Users.unique();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Object text(Object answer) {
    if (answer instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    return answer instanceof List<?> list ? list.stream().map(ScriptsIT::text).toList() : answer;
  }

  private Object run(Scripts script, List<String> keys, String... arguments) {
    List<byte[]> all = new ArrayList<>();
    keys.forEach(each -> all.add(bytes(each)));
    Arrays.stream(arguments).forEach(each -> all.add(bytes(each)));
    return text(redis.eval(script.source(), keys.size(), all.toArray(byte[][]::new)));
  }

  private String get(String of) {
    return (String) text(redis.get(bytes(of)));
  }

  /** A packed entry of a version below 2^32. */
  private static String packed(int version, String rest) {
    return "\u0001P\0\0\0\0\0\0\0" + (char) version + rest + EPOCH;
  }

  private static String json(long version, String name) {
    return "{\"__dim_v\":"
        + version
        + ",\"name\":\""
        + name
        + "\",\"__dim_e\":\""
        + EPOCH_HEX
        + "\"}";
  }

  private static String hash(String... fieldsAndValues) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      for (String each : fieldsAndValues) {
        out.writeInt(each.length());
        out.write(bytes(each));
      }
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Object lease(Scripts script, String lease, String... keys) {
    return run(script, List.of(keys), EPOCH, lease, LIFE_MILLIS, HOLD_MILLIS);
  }

  /** Runs the reconcile script for one key with one lease, empty for none. */
  private Object reconcile(Scripts script, String removesEqual, String lease, String value) {
    return run(
        script, List.of(key), EPOCH, LIFE_MILLIS, removesEqual, lease, HOLD_MILLIS, "1", value);
  }

  private static List<Long> reconciled(long... counts) {
    return Arrays.stream(counts).boxed().toList();
  }

  @Test
  void aLuaFileThatIsMissingIsNamed() {
    assertThatThrownBy(() -> LuaFiles.text("nowhere")).hasMessageContaining("'nowhere'");
  }

  @ParameterizedTest
  @EnumSource
  void digestOfEachScriptIsTheOneThatRedisComputes(Scripts script) {
    assertThat(text(redis.scriptLoad(script.source()))).isEqualTo(text(script.sha()));
    assertThat(script.source()).asString(StandardCharsets.UTF_8).doesNotContain("#include");
  }

  @ParameterizedTest
  @EnumSource(names = {"LEASE", "LEASE_JSON", "LEASE_HASH"})
  void leaseTakesFreeKeysAndReturnsTheOthers(Scripts script) {
    redis.set(bytes(another), bytes(OTHER_LEASE + EPOCH));
    redis.pexpire(another, 59_000);
    assertThat(lease(script, LEASE, key, another)).isEqualTo(List.of(2L, OTHER_LEASE + EPOCH));
    assertThat(get(key)).isEqualTo(LEASE + EPOCH);
    assertThat(redis.pttl(key)).isBetween(1L, 60_000L);
    redis.pexpire(another, 49_000);
    assertThat(lease(script, LEASE, another)).as("held too long").isEqualTo(List.of());
    redis.set(bytes(key), bytes("\u0001Pof another epoch"));
    assertThat(lease(script, LEASE, key)).isEqualTo(List.of());
  }

  @ParameterizedTest
  @EnumSource(names = {"RECONCILE", "RECONCILE_JSON"})
  void reconcileCreatesReplacesRemovesAndInvalidates(Scripts script) {
    boolean isJson = script == Scripts.RECONCILE_JSON;
    String second = isJson ? json(2, "b") : packed(2, "b");
    String third = isJson ? json(3, "c") : packed(3, "c");
    String thirdToo = isJson ? json(3, "d") : packed(3, "d");
    lease(Scripts.LEASE, LEASE, key);
    assertThat(reconcile(script, "0", OTHER_LEASE, second)).isEqualTo(reconciled(0, 0, 0, 1, 0));
    lease(Scripts.LEASE, LEASE, key);
    assertThat(reconcile(script, "0", LEASE, second))
        .as("created")
        .isEqualTo(reconciled(1, 0, 0, 0, 0));
    assertThat(get(key)).isEqualTo(second);
    assertThat(reconcile(script, "0", "", third))
        .as("replaced")
        .isEqualTo(reconciled(0, 1, 0, 0, 0));
    assertThat(reconcile(script, "0", "", second)).as("older").isEqualTo(reconciled(0, 0, 0, 0, 1));
    assertThat(reconcile(script, "0", "", thirdToo))
        .as("left")
        .isEqualTo(reconciled(0, 0, 0, 0, 0));
    assertThat(get(key)).isEqualTo(third);
    assertThat(reconcile(script, "1", "", thirdToo))
        .as("removed")
        .isEqualTo(reconciled(0, 0, 1, 0, 0));
    assertThat(get(key)).isNull();
  }

  @Test
  void reconcileOfHashesCreatesReplacesAndRemoves() {
    lease(Scripts.LEASE_HASH, LEASE, key);
    assertThat(reconcile(Scripts.RECONCILE_HASH, "0", LEASE, hash("__dim_v", "2", "name", "b")))
        .isEqualTo(reconciled(1, 0, 0, 0, 0));
    assertThat(redis.hget(key, "name")).isEqualTo("b");
    assertThat(redis.hget(key, "__dim_e")).isEqualTo(EPOCH_HEX);
    assertThat(reconcile(Scripts.RECONCILE_HASH, "0", "", hash("__dim_v", "3", "name", "c")))
        .isEqualTo(reconciled(0, 1, 0, 0, 0));
    assertThat(reconcile(Scripts.RECONCILE_HASH, "1", "", hash("__dim_v", "3", "name", "d")))
        .isEqualTo(reconciled(0, 0, 1, 0, 0));
    assertThat(redis.exists(key)).isFalse();
  }

  /**
   * With 2 as ARGV[6], each key's lease precedes its new entry, and = stands for the common lease.
   */
  @Test
  void reconcileTakesALeaseForEachKey() {
    lease(Scripts.LEASE, LEASE, key);
    lease(Scripts.LEASE, OTHER_LEASE, another);
    String value = packed(1, "a");
    assertThat(
            run(
                Scripts.RECONCILE,
                List.of(key, another),
                EPOCH,
                LIFE_MILLIS,
                "0",
                LEASE,
                HOLD_MILLIS,
                "2",
                "=",
                value,
                OTHER_LEASE,
                value))
        .isEqualTo(reconciled(2, 0, 0, 0, 0));
  }

  @Test
  void fenceReplacesAnyValueAndIsLeftIfItLastsLonger() {
    redis.lpush(key, "another type");
    lease(Scripts.LEASE, LEASE, another);
    assertThat(run(Scripts.FENCE, List.of(key, another), EPOCH, FENCE, "50000")).isEqualTo(2L);
    assertThat(get(key)).isEqualTo(FENCE + EPOCH);
    assertThat(get(another)).isEqualTo(FENCE + EPOCH);
    assertThat(redis.pttl(another)).isBetween(1L, 50_000L);
    run(Scripts.FENCE, List.of(key), EPOCH, FENCE, "90000");
    run(Scripts.FENCE, List.of(key), EPOCH, FENCE, "50000");
    assertThat(redis.pttl(key)).isBetween(50_001L, 90_000L);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEASE", "LEASE_JSON", "LEASE_HASH"})
  void leaseReturnsAFenceAsAnEmptyText(Scripts script) {
    run(Scripts.FENCE, List.of(key), EPOCH, FENCE, "50000");
    assertThat(lease(script, LEASE, key)).isEqualTo(List.of(1L, ""));
    assertThat(get(key)).isEqualTo(FENCE + EPOCH);
  }

  @ParameterizedTest
  @EnumSource(names = {"RECONCILE", "RECONCILE_JSON", "RECONCILE_HASH"})
  void reconcileLeavesAFence(Scripts script) {
    run(Scripts.FENCE, List.of(key), EPOCH, FENCE, "50000");
    String value =
        switch (script) {
          case RECONCILE -> packed(2, "b");
          case RECONCILE_JSON -> json(2, "b");
          default -> hash("__dim_v", "2", "name", "b");
        };
    for (String lease : List.of("", LEASE)) {
      for (String removesEqual : List.of("0", "1")) {
        assertThat(reconcile(script, removesEqual, lease, value))
            .isEqualTo(reconciled(0, 0, 0, 0, 0));
      }
    }
    assertThat(get(key)).isEqualTo(FENCE + EPOCH);
    assertThat(redis.pttl(key)).isBetween(1L, 50_000L);
  }

  @Test
  void removeTakesOnlyUnchangedEntries() {
    redis.set(bytes(key), bytes(packed(1, "a")));
    redis.set(bytes(another), bytes(packed(2, "b")));
    String[] arguments = {EPOCH, packed(1, "a"), packed(1, "a")};
    assertThat(run(Scripts.REMOVE, List.of(key, another), arguments)).isEqualTo(List.of(1L, 0L));
    redis.set(bytes(key), bytes(json(1, "a")));
    assertThat(run(Scripts.REMOVE_JSON, List.of(key), EPOCH, json(1, "a"))).isEqualTo(List.of(1L));
    redis.hset(key, Map.of("name", "a", "__dim_e", EPOCH_HEX));
    assertThat(run(Scripts.REMOVE_HASH, List.of(key), EPOCH, hash("name", "a")))
        .isEqualTo(List.of(1L));
    assertThat(redis.exists(key)).isFalse();
  }

  @Test
  void readHashReturnsTheFieldsThatAreNamedOrAll() {
    redis.hset(key, Map.of("name", "a", "__dim_e", EPOCH_HEX));
    redis.hset(another, Map.of("name", "b", "__dim_e", "0000000000000000"));
    List<String> keys = List.of(key, another);
    assertThat(run(Scripts.READ_HASH, keys, EPOCH, "name"))
        .isEqualTo(List.of(List.of("a"), List.of()));
    assertThat(run(Scripts.READ_HASH, keys, EPOCH))
        .isEqualTo(List.of(List.of("name", "a"), List.of()));
  }
}

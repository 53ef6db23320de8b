// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import org.junit.jupiter.api.Test;

class EntryComparisonTest {

  private static final long NOW = 1_000;

  private final Layout layout = new Layout(Users.spec("compared"));
  private final EntryCodec entries = new EntryCodec(layout);
  private final EntryComparison comparison = new EntryComparison(layout, entries);

  @Test
  void equalStatesAreInStep() {
    assertThat(of(row("a", 1), entry("a", 1, Put.NEVER)))
        .isInstanceOf(EntryComparison.InStep.class);
    assertThat(of(RowState.NOTHING, EntryCodec.negative()))
        .isInstanceOf(EntryComparison.InStep.class);
    assertThat(of(deleted(3), EntryCodec.negative())).isInstanceOf(EntryComparison.InStep.class);
    assertThat(of(deleted(3), EntryCodec.tombstone(3))).isInstanceOf(EntryComparison.InStep.class);
    assertThat(of(row("a", 1, NOW), EntryCodec.negative()))
        .isInstanceOf(EntryComparison.InStep.class);
    assertThat(of(deleted(3), entry("a", 3, NOW))).isInstanceOf(EntryComparison.InStep.class);
  }

  @Test
  void entriesThatSendReadersToHBaseAreNotCopied() {
    assertThat(of(row("a", 1), null)).isInstanceOf(EntryComparison.NotCopied.class);
    assertThat(of(row("a", 1), EntryCodec.lease(1, 2)))
        .isInstanceOf(EntryComparison.NotCopied.class);
    assertThat(of(row("a", 1), EntryCodec.fence())).isInstanceOf(EntryComparison.NotCopied.class);
    byte[] otherLayout = entry("b", 2, Put.NEVER);
    otherLayout[18]++;
    assertThat(of(row("a", 1), otherLayout)).isInstanceOf(EntryComparison.NotCopied.class);
  }

  @Test
  void entryWithoutRowIsMissingWhenHBaseHasARow() {
    assertDiffers(Kind.MISSING, row("a", 5), EntryCodec.negative());
    assertDiffers(Kind.MISSING, row("a", 5), EntryCodec.tombstone(4));
    assertDiffers(Kind.MISSING, row("a", 5), EntryCodec.tombstone(5));
    assertDiffers(Kind.MISSING, row("a", 5), entry("a", 4, NOW));
  }

  @Test
  void rowOrVersionThatHBaseLacksIsExtra() {
    assertDiffers(Kind.EXTRA, RowState.NOTHING, entry("a", 0, Put.NEVER));
    assertDiffers(Kind.EXTRA, deleted(9), entry("a", 3, Put.NEVER));
    assertDiffers(Kind.EXTRA, row("a", 2, NOW), entry("a", 1, NOW + 1));
    assertDiffers(Kind.EXTRA, row("a", 2), entry("a", 3, Put.NEVER));
    assertDiffers(Kind.EXTRA, RowState.NOTHING, EntryCodec.tombstone(0));
  }

  @Test
  void olderVersionIsStaleEvenIfNeitherHasARow() {
    assertDiffers(Kind.STALE, row("a", 2), entry("a", 1, Put.NEVER));
    assertDiffers(Kind.STALE, deleted(2), EntryCodec.tombstone(1));
  }

  @Test
  void equalVersionsAreComparedByValuesThenByExpiry() {
    assertDiffers(Kind.VALUE, row("a", 2), entry("b", 2, Put.NEVER));
    assertDiffers(Kind.VALUE, row("a", 2, NOW), entry("b", 2, NOW));
    assertDiffers(Kind.EXPIRY, row("a", 2), entry("a", 2, NOW));
    assertDiffers(Kind.EXPIRY, row("a", 2, NOW), entry("a", 2, NOW + 1));
    RowState uncopyable = new RowState.Present(Row.of("a", 1), 2, Put.NEVER, false);
    assertDiffers(Kind.VALUE, uncopyable, entry("a", 2, Put.NEVER));
  }

  @Test
  void bytesThatAreNoEntryAreUnreadable() {
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[0]);
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[] {2, 'P'});
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[] {1, 'X'});
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[] {1, 'P', 0});
    assertThat(comparison.of(null, null, NOW))
        .isEqualTo(new EntryComparison.Differs(Kind.UNREADABLE));
  }

  private EntryComparison.Verdict of(RowState inHBase, byte[] entry) {
    return comparison.of(inHBase, entry, NOW);
  }

  private void assertDiffers(Kind kind, RowState inHBase, byte[] entry) {
    assertThat(of(inHBase, entry)).isEqualTo(new EntryComparison.Differs(kind));
  }

  private byte[] entry(String country, long version, long expiresAt) {
    return entries.encode(Row.of(country, 1), version, expiresAt);
  }

  private static RowState row(String country, long version) {
    return row(country, version, Put.NEVER);
  }

  private static RowState row(String country, long version, long expiresAt) {
    return new RowState.Present(Row.of(country, 1), version, expiresAt, true);
  }

  private static RowState deleted(long version) {
    return new RowState.Tombstone(version, 0);
  }
}

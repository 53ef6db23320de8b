package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final long NOW = 1_000;

  private final Layout layout = new Layout(Users.spec("compared"));
  private final EntryCodec entries = new EntryCodec(layout);
  private final Comparison comparison = new Comparison(layout, entries);

  @Test
  void whatSaysTheSameIsInStep() {
    assertThat(of(row("a", 1), entry("a", 1, Put.NEVER))).isInstanceOf(Comparison.InStep.class);
    assertThat(of(Stored.NOTHING, EntryCodec.negative())).isInstanceOf(Comparison.InStep.class);
    assertThat(of(deleted(3), EntryCodec.negative())).isInstanceOf(Comparison.InStep.class);
    assertThat(of(deleted(3), EntryCodec.tombstone(3))).isInstanceOf(Comparison.InStep.class);
    assertThat(of(row("a", 1, NOW), EntryCodec.negative())).isInstanceOf(Comparison.InStep.class);
    assertThat(of(deleted(3), entry("a", 3, NOW))).isInstanceOf(Comparison.InStep.class);
  }

  @Test
  void whatSendsReadersToHBaseIsNotCopied() {
    assertThat(of(row("a", 1), null)).isInstanceOf(Comparison.NotCopied.class);
    assertThat(of(row("a", 1), EntryCodec.lease(1, 2))).isInstanceOf(Comparison.NotCopied.class);
    byte[] otherLayout = entry("b", 2, Put.NEVER);
    otherLayout[18]++;
    assertThat(of(row("a", 1), otherLayout)).isInstanceOf(Comparison.NotCopied.class);
  }

  @Test
  void anAnswerOfNoRowWhereThereIsOneIsMissing() {
    assertDiffers(Kind.MISSING, row("a", 5), EntryCodec.negative());
    assertDiffers(Kind.MISSING, row("a", 5), EntryCodec.tombstone(4));
    assertDiffers(Kind.MISSING, row("a", 5), EntryCodec.tombstone(5));
    assertDiffers(Kind.MISSING, row("a", 5), entry("a", 4, NOW));
  }

  @Test
  void whatTheTruthHasNotIsExtra() {
    assertDiffers(Kind.EXTRA, Stored.NOTHING, entry("a", 0, Put.NEVER));
    assertDiffers(Kind.EXTRA, deleted(9), entry("a", 3, Put.NEVER));
    assertDiffers(Kind.EXTRA, row("a", 2, NOW), entry("a", 1, NOW + 1));
    assertDiffers(Kind.EXTRA, row("a", 2), entry("a", 3, Put.NEVER));
    assertDiffers(Kind.EXTRA, Stored.NOTHING, EntryCodec.tombstone(0));
  }

  @Test
  void anOlderVersionIsStaleAlsoWhereBothSayThatThereIsNoRow() {
    assertDiffers(Kind.STALE, row("a", 2), entry("a", 1, Put.NEVER));
    assertDiffers(Kind.STALE, deleted(2), EntryCodec.tombstone(1));
  }

  @Test
  void ofOneVersionValuesCountAndThenTheExpiry() {
    assertDiffers(Kind.VALUE, row("a", 2), entry("b", 2, Put.NEVER));
    assertDiffers(Kind.VALUE, row("a", 2, NOW), entry("b", 2, NOW));
    assertDiffers(Kind.EXPIRY, row("a", 2), entry("a", 2, NOW));
    assertDiffers(Kind.EXPIRY, row("a", 2, NOW), entry("a", 2, NOW + 1));
    Stored uncopyable = new Stored.Present(Row.of("a", 1), 2, Put.NEVER, false);
    assertDiffers(Kind.VALUE, uncopyable, entry("a", 2, Put.NEVER));
  }

  @Test
  void bytesThatAreNoEntryAreUnreadable() {
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[0]);
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[] {2, 'P'});
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[] {1, 'X'});
    assertDiffers(Kind.UNREADABLE, row("a", 1), new byte[] {1, 'P', 0});
    assertThat(comparison.of(null, null, NOW)).isEqualTo(new Comparison.Differs(Kind.UNREADABLE));
  }

  private Comparison.Verdict of(Stored truth, byte[] entry) {
    return comparison.of(truth, entry, NOW);
  }

  private void assertDiffers(Kind kind, Stored truth, byte[] entry) {
    assertThat(of(truth, entry)).isEqualTo(new Comparison.Differs(kind));
  }

  private byte[] entry(String country, long version, long expiresAt) {
    return entries.encode(Row.of(country, 1), version, expiresAt);
  }

  private static Stored row(String country, long version) {
    return row(country, version, Put.NEVER);
  }

  private static Stored row(String country, long version, long expiresAt) {
    return new Stored.Present(Row.of(country, 1), version, expiresAt, true);
  }

  private static Stored deleted(long version) {
    return new Stored.Tombstone(version, 0);
  }
}

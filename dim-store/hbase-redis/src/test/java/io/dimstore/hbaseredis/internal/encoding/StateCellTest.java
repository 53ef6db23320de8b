// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Put;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State cells have the bytes that {@code docs/storage-format.md} documents. */
class StateCellTest {

  @Test
  void aLiveRowHasItsExpiryItsLayoutAndTheNamesOfItsNulls() {
    StateCell.Live live = new StateCell.Live(Put.NEVER, 0x01020304, List.of(Utf8.encode("f:note")));
    byte[] bytes = live.encode();
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("0150" + "7fffffffffffffff" + "01020304" + "06663a6e6f7465");
    StateCell.Live read = (StateCell.Live) StateCell.decode(bytes, 0, bytes.length);
    assertThat(read.expiresAt()).isEqualTo(Put.NEVER);
    assertThat(read.fingerprint()).isEqualTo(0x01020304);
    assertThat(read.nulls()).containsExactly(Utf8.encode("f:note"));
  }

  @Test
  void aDeletedRowHasTheTimeAtWhichItWasDeleted() {
    byte[] bytes = new StateCell.Deleted(258).encode();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0144" + "0000000000000102");
    assertThat(StateCell.decode(bytes, 0, bytes.length)).isEqualTo(new StateCell.Deleted(258));
  }

  @Test
  void notesFollowTheNullsAndAreNotNulls() {
    StateCell.Live live = new StateCell.Live(Put.NEVER, 1, List.of(Utf8.encode("f:note")));
    byte[] gone = StateCell.withNote(live.encode(), StateCell.GONE, 258);
    byte[] bytes = StateCell.withNote(gone, StateCell.WRITE, 1);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            HexFormat.of().formatHex(live.encode())
                + "0a00670000000000000102"
                + "0a00770000000000000001");
    StateCell.Live read = (StateCell.Live) StateCell.decode(bytes, 0, bytes.length);
    assertThat(read.nulls()).containsExactly(Utf8.encode("f:note"));
    assertThat(read.goneSince()).isEqualTo(258);
    assertThat(read.encode()).isEqualTo(gone);
    byte[] deleted = StateCell.withNote(new StateCell.Deleted(258).encode(), StateCell.WRITE, 1);
    assertThat(StateCell.decode(deleted, 0, deleted.length)).isEqualTo(new StateCell.Deleted(258));
  }

  @Test
  void anotherFormatAndAnotherKindAreRefused() {
    byte[] later = {2, 'P'};
    byte[] strange = {1, 'X', 0, 0, 0, 0, 0, 0, 0, 0};
    assertThatThrownBy(() -> StateCell.decode(later, 0, later.length)).hasMessageContaining("2");
    assertThatThrownBy(() -> StateCell.decode(strange, 0, strange.length))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StateCell.decode(new byte[0], 0, 0))
        .isInstanceOf(RuntimeException.class);
  }
}

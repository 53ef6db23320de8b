// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dimstore.events.Inputs;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.UserChange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineRetailMappingTest {

  private static final String HEADER =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
  private static final long TIME = Instant.parse("2010-12-01T08:26:00Z").toEpochMilli();

  @TempDir Path directory;

  @Test
  void aLineShowsItsCustomerItsItemAndThenItsEvent() throws IOException {
    Inputs inputs =
        read("536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom");

    assertThat(inputs.records())
        .containsExactly(
            UserChange.upsert("17850", "United Kingdom", null, TIME, TIME),
            ItemChange.upsert("85123A", "WHITE LANTERN", null, 255L, TIME, TIME),
            new Event("536365-1", "17850", "85123A", EventType.BUY, 6, 1530, TIME));
  }

  @Test
  void aCancelledInvoiceIsAReturn() throws IOException {
    Event event = event("C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527.0,UK");

    assertThat(event.type()).isEqualTo(EventType.RETURN);
    assertThat(event.quantity()).isEqualTo(1);
    assertThat(event.amount()).isEqualTo(2750);
    assertThat(event.eventId()).isEqualTo("C536379-1");
  }

  @Test
  void aCancelledInvoiceOfPositiveQuantityIsAReturnToo() throws IOException {
    assertThat(event("C1,D,Discount,3,2010-12-01 09:41:00,1,14527.0,UK").type())
        .isEqualTo(EventType.RETURN);
  }

  @Test
  void aNegativeQuantityIsAReturn() throws IOException {
    Event event = event("536589,21777,CRATE,-10,2010-12-01 16:50:00,0.5,,UK");

    assertThat(event.type()).isEqualTo(EventType.RETURN);
    assertThat(event.quantity()).isEqualTo(10);
    assertThat(event.amount()).isEqualTo(500);
  }

  @Test
  void aBasketWithoutACustomerIsAGuestsAndChangesNoUser() throws IOException {
    Inputs inputs = read("536544,21773,ROSE,1,2010-12-01 14:32:00,2.51,,United Kingdom");

    assertThat(inputs.events().get(0).userId()).isEqualTo("guest-536544");
    assertThat(inputs.userChanges()).isEmpty();
    assertThat(inputs.itemChanges()).hasSize(1);
  }

  @Test
  void quotedFieldsMayHoldQuotesAndCommas() throws IOException {
    Inputs inputs =
        read(
            "1,A,\"RECORD FRAME 7\"\" SINGLE, RED \",1,2010-12-01 14:32:00,1,,EIRE",
            "1,B,7\" UNQUOTED,1,2010-12-01 14:32:00,1,,EIRE");

    assertThat(inputs.itemChanges())
        .extracting(ItemChange::title)
        .containsExactly("RECORD FRAME 7\" SINGLE, RED", "7\" UNQUOTED");
  }

  @ParameterizedTest
  @CsvSource({
    "3, 0.125, 38", // 37.5 pence
    "1, 0.125, 13", // 12.5
    "1, 0.124999, 12",
    "1, 0.004, 0",
    "1, 0.005, 1",
    "3, 1.1, 330", // 3.3000000000000003 in binary
    "80995, 2.08, 16846960",
    "1, 1e1, 1000"
  })
  void amountsAreRoundedHalfUpToPence(int quantity, String price, long amount) throws IOException {
    assertThat(event("1,A,T," + quantity + ",2010-12-01 14:32:00," + price + ",,UK").amount())
        .isEqualTo(amount);
  }

  @Test
  void aListPriceIsRoundedByItself() throws IOException {
    assertThat(read("1,A,T,3,2010-12-01 14:32:00,0.125,,UK").itemChanges().get(0).listPrice())
        .isEqualTo(13);
  }

  @ParameterizedTest
  @CsvSource({"17850.0, 17850", "17850, 17850", "017850.00, 17850"})
  void customersAreIntegers(String written, String userId) throws IOException {
    assertThat(event("1,A,T,1,2010-12-01 14:32:00,1," + written + ",UK").userId())
        .isEqualTo(userId);
  }

  @Test
  void missingTitlesAndCountriesAreNulls() throws IOException {
    Inputs inputs = read("1,A,,1,2010-12-01 14:32:00,1,7.0,");

    assertThat(inputs.refused()).isEmpty();
    assertThat(inputs.itemChanges().get(0).title()).isNull();
    assertThat(inputs.userChanges().get(0).country()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,A,T,1,2010-12-01 14:32:00,0.0,,UK     | unit-price-not-positive",
        "1,A,T,1,2010-12-01 14:32:00,-5.5,,UK    | unit-price-not-positive",
        ",A,T,1,2010-12-01 14:32:00,1,,UK        | missing-invoice-no",
        "1, ,T,1,2010-12-01 14:32:00,1,,UK       | missing-stock-code",
        "1,A,T,,2010-12-01 14:32:00,1,,UK        | missing-quantity",
        "1,A,T,1,,1,,UK                          | missing-invoice-date",
        "1,A,T,1,2010-12-01 14:32:00,,,UK        | missing-unit-price",
        "1,A,T,1.5,2010-12-01 14:32:00,1,,UK     | unreadable-quantity",
        "1,A,T,2147483648,2010-12-01 14:32:00,1,,UK  | unreadable-quantity",
        "1,A,T,-2147483648,2010-12-01 14:32:00,1,,UK | unreadable-quantity",
        "1,A,T,1,12/1/2010 8:26,1,,UK            | unreadable-invoice-date",
        "1,A,T,1,2011-02-29 14:32:00,1,,UK       | unreadable-invoice-date",
        "1,A,T,1,2010-12-01 24:00:00,1,,UK       | unreadable-invoice-date",
        "1,A,T,1,1969-12-31 23:59:59,1,,UK       | impossible-time",
        "1,A,T,1,2010-12-01 14:32:00,cheap,,UK   | unreadable-unit-price",
        "1,A,T,1,2010-12-01 14:32:00,NaN,,UK     | unreadable-unit-price",
        "1,A,T,1,2010-12-01 14:32:00,1e999999999,,UK | unreadable-unit-price",
        "1,A,T,1,2010-12-01 14:32:00,1e17,,UK    | amount-too-large",
        "1,A,T,1,2010-12-01 14:32:00,1,nobody,UK | unreadable-customer-id",
        "1,A,T,1,2010-12-01 14:32:00,1,1.5,UK    | unreadable-customer-id",
        "1,A,T,1,2010-12-01 14:32:00,1,-1,UK     | unreadable-customer-id",
        "1,A,T,1,2010-12-01 14:32:00,1,UK        | unreadable-line",
        "1,A,T,1,2010-12-01 14:32:00,1,,UK,more  | unreadable-line",
        "1,A,\"T\"x,1,2010-12-01 14:32:00,1,,UK  | unreadable-line",
        "1,A,\"T,1,2010-12-01 14:32:00,1,,UK     | unreadable-line",
        ",A,T,x,,0,,UK                           | missing-invoice-no"
      })
  void aLineThatCannotBeAnEventIsRefusedWithItsFirstReason(String line, String reason)
      throws IOException {
    Inputs inputs = read(line, "2,B,T,1,2010-12-01 14:32:00,1,9.0,UK");

    assertThat(inputs.refused()).containsExactly(new RefusedLine(1, reason, line));
    assertThat(inputs.report().refused()).isEqualTo(Map.of(reason, 1L));
    assertThat(inputs.events()).extracting(Event::eventId).containsExactly("2-2");
  }

  @Test
  void aRefusedLineChangesNoRow() throws IOException {
    Inputs inputs =
        read(
            "1,A,NEW TITLE,1,2010-12-01 14:32:00,0,7.0,EIRE",
            "2,A,OLD TITLE,1,2010-12-01 14:32:00,1,7.0,UK",
            "3,A,NEW TITLE,1,2010-12-01 14:32:00,1e17,7.0,EIRE",
            "4,A,OLD TITLE,1,2010-12-01 14:32:00,1,7.0,UK");

    assertThat(inputs.itemChanges()).extracting(ItemChange::title).containsExactly("OLD TITLE");
    assertThat(inputs.userChanges()).extracting(UserChange::country).containsExactly("UK");
  }

  @Test
  void rowsChangeWithTheirValuesAndTheirVersionsRiseStrictly() throws IOException {
    Inputs inputs =
        read(
            "1,A,T,1,2010-12-01 08:26:00,1,7.0,UK",
            "1,A,T,1,2010-12-01 08:26:00,1.00,7.0,UK", // the same price
            "1,A,T,1,2010-12-01 08:26:00,2,7.0,EIRE",
            "1,A,U,1,2010-12-01 08:26:00,2,7.0,UK",
            "1,A,T,1,2010-12-01 08:25:00,1,7.0,UK", // back to the first, in a line out of order
            "1,A,V,1,2010-12-01 08:27:00,1,7.0,UK");

    assertThat(inputs.itemChanges())
        .extracting(ItemChange::title, ItemChange::listPrice, ItemChange::version)
        .containsExactly(
            tuple("T", 100L, TIME),
            tuple("T", 200L, TIME + 1),
            tuple("U", 200L, TIME + 2),
            tuple("T", 100L, TIME + 3),
            tuple("V", 100L, TIME + 60_000));
    assertThat(inputs.userChanges())
        .extracting(UserChange::country, UserChange::version)
        .containsExactly(tuple("UK", TIME), tuple("EIRE", TIME + 1), tuple("UK", TIME + 2));
  }

  private Event event(String line) throws IOException {
    List<Event> events = read(line).events();
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private Inputs read(String... lines) throws IOException {
    String[] all = Stream.concat(Stream.of(HEADER), Stream.of(lines)).toArray(String[]::new);
    return Inputs.readLines(directory, ReplayFormat.ONLINE_RETAIL, all);
  }
}

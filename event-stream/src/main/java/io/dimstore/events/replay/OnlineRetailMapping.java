// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventTimes;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Maps the order lines of a web shop: InvoiceNo, StockCode, Description, Quantity, InvoiceDate,
 * UnitPrice, CustomerID, Country.
 *
 * <p>The fields are checked in this order. The first missing or unreadable field determines the
 * reason of the refusal. An empty CustomerID is valid: the event's user is then {@code
 * guest-InvoiceNo}, who has no {@code dim_user} row. Description and Country are not fields of an
 * event. If one is empty, the line is not refused and the dimension row has a null. In the
 * published file no row gets a null title this way: every line without a description also lacks a
 * price above 0 and is refused.
 */
final class OnlineRetailMapping implements LineMapping {

  private static final String HEADER =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private record UserRow(@Nullable String country) {}

  private record ItemRow(@Nullable String title, long listPrice) {}

  private final RowHistory<UserRow> users = new RowHistory<>();
  private final RowHistory<ItemRow> items = new RowHistory<>();
  private String lastDate = "";
  private long lastDateMillis;

  @Override
  public int fields() {
    return 8;
  }

  @Override
  public String requiredHeader() {
    return HEADER;
  }

  @Override
  public boolean isHeader(String firstLine) {
    return firstLine.strip().equals(HEADER);
  }

  @Override
  public void map(long line, List<String> fields, Consumer<StreamRecord> out) throws Refusal {
    String invoice = FieldParser.required(fields.get(0), "invoice-no");
    String itemId = FieldParser.required(fields.get(1), "stock-code");
    String title = FieldParser.optional(fields.get(2));
    int quantity = FieldParser.integer(fields.get(3), "quantity");
    long time = date(FieldParser.required(fields.get(4), "invoice-date"));
    BigDecimal price = FieldParser.decimal(fields.get(5), "unit-price");
    if (price.signum() <= 0) {
      throw new Refusal(Refusal.UNIT_PRICE_NOT_POSITIVE);
    }
    String customer = customer(fields.get(6));
    String country = FieldParser.optional(fields.get(7));

    int pieces = Math.abs(quantity);
    long listPrice = minorUnits(price);
    long amount = minorUnits(price.multiply(BigDecimal.valueOf(pieces)));
    boolean returned = invoice.startsWith("C") || quantity < 0;

    if (customer != null) {
      long version = users.record(customer, new UserRow(country), time);
      if (version != RowHistory.UNCHANGED) {
        out.accept(UserChange.upsert(customer, country, null, version, time));
      }
    }
    long version = items.record(itemId, new ItemRow(title, listPrice), time);
    if (version != RowHistory.UNCHANGED) {
      out.accept(ItemChange.upsert(itemId, title, null, listPrice, version, time));
    }
    out.accept(
        new Event(
            invoice + "-" + line,
            customer == null ? "guest-" + invoice : customer,
            itemId,
            returned ? EventType.RETURN : EventType.BUY,
            pieces,
            amount,
            time));
  }

  /** Parses a whole number, which may be written as a float. Returns null if the field is empty. */
  private static @Nullable String customer(String text) throws Refusal {
    if (text.isEmpty()) {
      return null;
    }
    BigDecimal number = FieldParser.decimal(text, "customer-id");
    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw Refusal.unreadable("customer-id");
    }
    return number.toBigInteger().toString();
  }

  private static long minorUnits(BigDecimal major) throws Refusal {
    try {
      return major.movePointRight(2).setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException e) {
      throw new Refusal(Refusal.AMOUNT_TOO_LARGE);
    }
  }

  private long date(String text) throws Refusal {
    if (text.equals(lastDate)) {
      return lastDateMillis;
    }
    long millis;
    try {
      millis = LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException e) {
      throw Refusal.unreadable("invoice-date");
    }
    if (!EventTimes.inRange(millis)) {
      throw new Refusal(Refusal.IMPOSSIBLE_TIME);
    }
    lastDate = text;
    lastDateMillis = millis;
    return millis;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.TypeLiteralExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which keys are read for a condition. The tests of types use the column {@code a}. */
class KeyFilterTest {

  private static final BuiltInFunctionDefinition EQ = BuiltInFunctionDefinitions.EQUALS;
  private static final BuiltInFunctionDefinition GT = BuiltInFunctionDefinitions.GREATER_THAN;
  private static final BuiltInFunctionDefinition GE =
      BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
  private static final BuiltInFunctionDefinition LT = BuiltInFunctionDefinitions.LESS_THAN;
  private static final BuiltInFunctionDefinition LE = BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
  private static final BuiltInFunctionDefinition OR = BuiltInFunctionDefinitions.OR;
  private static final BuiltInFunctionDefinition AND = BuiltInFunctionDefinitions.AND;
  private static final BuiltInFunctionDefinition NOT = BuiltInFunctionDefinitions.NOT;

  /** Returns the columns {@code a}, {@code b}, … of these types and a column {@code v}. */
  private static TableLayout layout(DataType... key) {
    List<DataType> types = new ArrayList<>(Arrays.asList(key));
    types.add(DataTypes.INT());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < key.length; i++) {
      names.add("abcdefgh".substring(i, i + 1));
    }
    names.add("v");
    return new TableLayout(
        "t",
        names,
        types.stream().map(type -> type.getLogicalType().copy(true)).toList(),
        IntStream.range(0, key.length).boxed().toList(),
        Map.of());
  }

  private static FieldReferenceExpression field(TableLayout layout, String name) {
    int position = layout.names().indexOf(name);
    return new FieldReferenceExpression(
        name, DataTypes.of(layout.types().get(position)), 0, position);
  }

  private static ValueLiteralExpression literal(Object value) {
    return new ValueLiteralExpression(value);
  }

  private static ValueLiteralExpression literal(Object value, DataType type) {
    return new ValueLiteralExpression(value, type.notNull());
  }

  private static ValueLiteralExpression nothing(DataType type) {
    return new ValueLiteralExpression(null, type.nullable());
  }

  private static CallExpression call(
      BuiltInFunctionDefinition function, ResolvedExpression... arguments) {
    return CallExpression.permanent(function, List.of(arguments), DataTypes.BOOLEAN());
  }

  private static CallExpression cast(ResolvedExpression value, DataType type) {
    return CallExpression.permanent(
        BuiltInFunctionDefinitions.CAST, List.of(value, new TypeLiteralExpression(type)), type);
  }

  private static CallExpression chain(
      BuiltInFunctionDefinition function, List<? extends ResolvedExpression> operands) {
    ResolvedExpression chain = operands.get(0);
    for (ResolvedExpression operand : operands.subList(1, operands.size())) {
      chain = call(function, chain, operand);
    }
    return (CallExpression) chain;
  }

  private static ScannedKeys scanned(TableLayout layout, ResolvedExpression... filters) {
    return PushedFilters.none(layout).and(List.of(filters), layout).keys();
  }

  /** Returns the keys that are asked for. */
  private static List<Key> keys(TableLayout layout, ResolvedExpression... filters) {
    List<byte[]> single = scanned(layout, filters).single();
    assertThat(single).as("keys to ask for: %s", scanned(layout, filters)).isNotNull();
    return KeySplit.keys(single, new KeyCodec(layout.spec().key()));
  }

  private static String summary(TableLayout layout, ResolvedExpression... filters) {
    return scanned(layout, filters).toString();
  }

  static Stream<Arguments> equalities() {
    byte[] bytes = {1, 0};
    LocalDateTime time = LocalDateTime.of(2020, 1, 2, 3, 4, 5, 123_000_000);
    return Stream.of(
        arguments(DataTypes.STRING(), literal("x"), "x"),
        arguments(DataTypes.STRING(), literal(""), ""),
        arguments(DataTypes.CHAR(3), literal("x"), "x"),
        arguments(DataTypes.CHAR(3), literal("x  "), "x  "),
        arguments(DataTypes.VARCHAR(3), literal("long text"), "long text"),
        arguments(DataTypes.BOOLEAN(), literal(false), false),
        arguments(DataTypes.TINYINT(), literal(7), (byte) 7),
        arguments(DataTypes.SMALLINT(), literal(-7L), (short) -7),
        arguments(DataTypes.INT(), literal(7), 7),
        arguments(DataTypes.INT(), literal(new BigDecimal("7.0")), 7),
        arguments(DataTypes.BIGINT(), literal((byte) 7), 7L),
        arguments(DataTypes.DECIMAL(5, 2), literal(7), new BigDecimal("7.00")),
        arguments(
            DataTypes.DECIMAL(5, 2), literal(new BigDecimal("7.500")), new BigDecimal("7.50")),
        arguments(DataTypes.BYTES(), literal(bytes), bytes),
        arguments(DataTypes.BINARY(2), literal(bytes), bytes),
        arguments(DataTypes.DATE(), literal(time.toLocalDate()), time.toLocalDate()),
        arguments(DataTypes.DATE(), literal("2020-01-02"), time.toLocalDate()),
        arguments(DataTypes.TIME(0), literal(LocalTime.NOON), LocalTime.NOON),
        arguments(DataTypes.TIME(0), literal("12:00:00"), LocalTime.NOON),
        arguments(
            DataTypes.TIME(3),
            literal(LocalTime.NOON.plusNanos(1_000_000)),
            LocalTime.of(12, 0, 0, 1_000_000)),
        arguments(DataTypes.TIMESTAMP(3), literal(time), time),
        arguments(DataTypes.TIMESTAMP(9), literal(time.plusNanos(1)), time.plusNanos(1)),
        arguments(DataTypes.TIMESTAMP(3), literal("2020-01-02 03:04:05.123"), time),
        arguments(
            DataTypes.TIMESTAMP_LTZ(3), literal(Instant.ofEpochMilli(5)), Instant.ofEpochMilli(5)),
        arguments(
            DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()),
            literal(Period.ofMonths(14), DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH())),
            Period.of(1, 2, 0)),
        arguments(
            DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
            literal(Duration.ofMillis(9)),
            Duration.ofMillis(9)));
  }

  @ParameterizedTest
  @MethodSource("equalities")
  void equalityAsksForOneKey(DataType type, ValueLiteralExpression literal, Object key) {
    TableLayout layout = layout(type);
    FieldReferenceExpression a = field(layout, "a");
    assertThat(keys(layout, call(EQ, a, literal))).containsExactly(Key.of(key));
    assertThat(keys(layout, call(EQ, literal, a))).containsExactly(Key.of(key));
    assertThat(keys(layout, call(GE, a, literal), call(LE, a, literal)))
        .as("a range with one key")
        .containsExactly(Key.of(key));
  }

  static Stream<Arguments> unequal() {
    return Stream.of(
        arguments(DataTypes.TINYINT(), literal(300)),
        arguments(DataTypes.TINYINT(), literal(-300)),
        arguments(DataTypes.INT(), literal(3_000_000_000L)),
        arguments(DataTypes.BIGINT(), literal(new BigDecimal("1.5"))),
        arguments(DataTypes.BIGINT(), literal(new BigDecimal("1e30").setScale(0))),
        arguments(DataTypes.DECIMAL(5, 2), literal(new BigDecimal("1.505"))),
        arguments(DataTypes.DECIMAL(5, 2), literal(1_000)),
        arguments(DataTypes.STRING(), nothing(DataTypes.STRING())));
  }

  @ParameterizedTest
  @MethodSource("unequal")
  void constantThatNoKeyEqualsReadsNothing(DataType type, ValueLiteralExpression literal) {
    TableLayout layout = layout(type);
    assertThat(keys(layout, call(EQ, field(layout, "a"), literal))).isEmpty();
  }

  static Stream<Arguments> unknown() {
    TableLayout text = layout(DataTypes.STRING());
    FieldReferenceExpression a = field(text, "a");
    LocalDateTime time = LocalDateTime.of(2020, 1, 2, 3, 4, 5, 123_456_000);
    return Stream.of(
        arguments(text, call(BuiltInFunctionDefinitions.NOT_EQUALS, a, literal("x"))),
        arguments(text, call(NOT, call(EQ, a, literal("x")))),
        arguments(text, call(BuiltInFunctionDefinitions.LIKE, a, literal("x%"))),
        arguments(text, call(EQ, call(BuiltInFunctionDefinitions.UPPER, a), literal("X"))),
        arguments(text, call(EQ, a, a)),
        arguments(text, call(EQ, a, literal(1))),
        arguments(text, call(BuiltInFunctionDefinitions.IS_NOT_NULL, a)),
        arguments(text, call(EQ, field(text, "v"), literal(1))),
        arguments(
            text, call(OR, call(EQ, a, literal("x")), call(EQ, field(text, "v"), literal(1)))),
        arguments(text, call(EQ, cast(a, DataTypes.CHAR(5)), literal("x    "))),
        arguments(text, literal(true)),
        comparison(DataTypes.INT(), literal(1.0)),
        comparison(DataTypes.INT(), literal("1")),
        comparison(DataTypes.DATE(), literal("2020-1-2")),
        comparison(DataTypes.DATE(), literal("2020-02-30")),
        comparison(DataTypes.DATE(), literal("2020-01-02 00:00:00")),
        comparison(DataTypes.TIMESTAMP(3), literal(time)),
        comparison(DataTypes.TIMESTAMP(3), literal("2020-01-02")),
        comparison(DataTypes.TIME(0), literal(LocalTime.of(1, 2, 3, 4_000_000))),
        comparison(DataTypes.TIMESTAMP_LTZ(0), literal(Instant.ofEpochMilli(5))),
        comparison(DataTypes.TIMESTAMP_LTZ(3), literal("2020-01-02 03:04:05")));
  }

  private static Arguments comparison(DataType type, ValueLiteralExpression literal) {
    TableLayout layout = layout(type);
    return arguments(layout, call(EQ, field(layout, "a"), literal));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void whatIsNotUnderstoodReadsTheWholeTable(TableLayout layout, ResolvedExpression filter) {
    assertThat(scanned(layout, filter)).hasToString("");
    PushedFilters pushed = PushedFilters.none(layout).and(List.of(filter), layout);
    assertThat(pushed.used(List.of(filter), layout)).isEmpty();
  }

  @Test
  void castsThatKeepAllValuesAreIgnored() {
    TableLayout tiny = layout(DataTypes.TINYINT());
    FieldReferenceExpression a = field(tiny, "a");
    assertThat(keys(tiny, call(EQ, cast(a, DataTypes.INT()), literal(7))))
        .containsExactly(Key.of((byte) 7));
    assertThat(
            keys(tiny, call(EQ, cast(a, DataTypes.DECIMAL(4, 1)), literal(new BigDecimal("7.0")))))
        .containsExactly(Key.of((byte) 7));
    assertThat(summary(tiny, call(EQ, cast(a, DataTypes.DECIMAL(3, 1)), literal(7)))).isEmpty();
    assertThat(summary(tiny, call(EQ, cast(a, DataTypes.DOUBLE()), literal(7)))).isEmpty();

    TableLayout text = layout(DataTypes.CHAR(3));
    FieldReferenceExpression t = field(text, "a");
    assertThat(keys(text, call(EQ, cast(t, DataTypes.VARCHAR(3)), literal("ab"))))
        .containsExactly(Key.of("ab"));
    assertThat(keys(text, call(EQ, cast(t, DataTypes.STRING()), literal("ab"))))
        .containsExactly(Key.of("ab"));
    assertThat(summary(text, call(EQ, cast(t, DataTypes.VARCHAR(2)), literal("ab")))).isEmpty();

    TableLayout time = layout(DataTypes.TIMESTAMP(3));
    assertThat(
            summary(
                time,
                call(
                    EQ,
                    cast(field(time, "a"), DataTypes.TIMESTAMP(0)),
                    literal(LocalDateTime.of(2020, 1, 1, 0, 0)))))
        .isEmpty();
  }

  @Test
  void alternativesAskForEachKeyOnce() {
    TableLayout layout = layout(DataTypes.STRING());
    FieldReferenceExpression a = field(layout, "a");
    assertThat(
            keys(
                layout,
                chain(
                    OR,
                    Stream.of("y", "x", "y").map(value -> call(EQ, a, literal(value))).toList())))
        .containsExactly(Key.of("x"), Key.of("y"));
    assertThat(
            keys(
                layout,
                call(
                    BuiltInFunctionDefinitions.IN,
                    a,
                    literal("x"),
                    nothing(DataTypes.STRING()),
                    literal("x"))))
        .containsExactly(Key.of("x"));
    assertThat(keys(layout, call(OR, call(EQ, a, literal("x")), literal(false))))
        .containsExactly(Key.of("x"));
    assertThat(
            keys(
                layout,
                call(OR, call(EQ, a, literal("x")), call(EQ, a, literal("z"))),
                call(GT, a, literal("x"))))
        .containsExactly(Key.of("z"));
    assertThat(keys(layout, call(EQ, a, literal("x")), call(EQ, a, literal("y")))).isEmpty();
    assertThat(keys(layout, call(BuiltInFunctionDefinitions.IS_TRUE, call(EQ, a, literal("x")))))
        .containsExactly(Key.of("x"));
  }

  @Test
  void aColumnOfBooleanIsAConditionItself() {
    TableLayout layout = layout(DataTypes.BOOLEAN());
    FieldReferenceExpression a = field(layout, "a");
    assertThat(keys(layout, (ResolvedExpression) a)).containsExactly(Key.of(true));
    assertThat(keys(layout, call(NOT, a))).containsExactly(Key.of(false));
    assertThat(keys(layout, call(BuiltInFunctionDefinitions.IS_FALSE, a)))
        .containsExactly(Key.of(false));
    assertThat(keys(layout, call(OR, a, call(NOT, a))))
        .containsExactly(Key.of(false), Key.of(true));
  }

  /** Flink nests each value of an IN one level deeper. */
  @Test
  void aLongInIsReadWithoutRecursion() {
    TableLayout layout = layout(DataTypes.INT());
    FieldReferenceExpression a = field(layout, "a");
    int most = ScannedKeys.MAX_KEYS;
    List<CallExpression> values =
        IntStream.range(0, most + 1).mapToObj(i -> call(EQ, a, literal(i))).toList();
    assertThat(summary(layout, chain(OR, values.subList(0, most)))).isEqualTo("keys=[10000]");
    assertThat(summary(layout, chain(OR, values)))
        .as("more keys than are asked for")
        .isEqualTo("keyRange=[a>=0, a<10001]");
  }

  @Test
  void comparisonsAreRanges() {
    TableLayout layout = layout(DataTypes.STRING());
    FieldReferenceExpression a = field(layout, "a");
    assertThat(summary(layout, call(GT, a, literal("b")))).isEqualTo("keyRange=[a>b]");
    assertThat(summary(layout, call(GE, a, literal("b")))).isEqualTo("keyRange=[a>=b]");
    assertThat(summary(layout, call(LT, a, literal("b")))).isEqualTo("keyRange=[a<b]");
    assertThat(summary(layout, call(LE, a, literal("b")))).isEqualTo("keyRange=[a<=b]");
    assertThat(summary(layout, call(GT, literal("b"), a))).isEqualTo("keyRange=[a<b]");
    assertThat(summary(layout, call(LE, literal("b"), a))).isEqualTo("keyRange=[a>=b]");
    assertThat(
            summary(
                layout, call(BuiltInFunctionDefinitions.BETWEEN, a, literal("b"), literal("c"))))
        .isEqualTo("keyRange=[a>=b, a<=c]");
    assertThat(summary(layout, call(GE, a, literal("b")), call(LT, a, literal("c"))))
        .isEqualTo("keyRange=[a>=b, a<c]");
    assertThat(summary(layout, call(OR, call(EQ, a, literal("b")), call(GT, a, literal("c")))))
        .isEqualTo("keyRange=[a>=b]");
    assertThat(summary(layout, call(OR, call(LT, a, literal("b")), call(GT, a, literal("c")))))
        .isEmpty();
    assertThat(summary(layout, call(GT, a, literal("c")), call(LT, a, literal("b"))))
        .isEqualTo("keys=[0]");
    assertThat(summary(layout, call(LT, a, literal("")))).isEqualTo("keys=[0]");
    assertThat(summary(layout, call(GE, a, literal("")))).isEmpty();
    assertThat(summary(layout, call(GT, a, nothing(DataTypes.STRING())))).isEqualTo("keys=[0]");
  }

  @Test
  void rangesOfNumbersAreRoundedToValuesOfTheColumn() {
    TableLayout layout = layout(DataTypes.TINYINT());
    FieldReferenceExpression a = field(layout, "a");
    assertThat(summary(layout, call(GT, a, literal(new BigDecimal("2.5")))))
        .isEqualTo("keyRange=[a>=3]");
    assertThat(summary(layout, call(LE, a, literal(new BigDecimal("2.5")))))
        .isEqualTo("keyRange=[a<3]");
    assertThat(summary(layout, call(LT, a, literal(new BigDecimal("-2.5")))))
        .isEqualTo("keyRange=[a<-2]");
    assertThat(summary(layout, call(LT, a, literal(300)))).isEmpty();
    assertThat(summary(layout, call(GT, a, literal(-300)))).isEmpty();
    assertThat(summary(layout, call(GT, a, literal(127)))).isEqualTo("keys=[0]");
    assertThat(summary(layout, call(LT, a, literal(-128)))).isEqualTo("keys=[0]");
    assertThat(summary(layout, call(GE, a, literal(127)))).isEqualTo("keys=[1]");

    TableLayout decimal = layout(DataTypes.DECIMAL(3, 1));
    assertThat(summary(decimal, call(GT, field(decimal, "a"), literal(new BigDecimal("1.25")))))
        .isEqualTo("keyRange=[a>=1.3]");
    assertThat(summary(decimal, call(LE, field(decimal, "a"), literal(new BigDecimal("99.9")))))
        .isEmpty();
  }

  /**
   * Flink reads times in milliseconds, so keys that differ in their nanoseconds are equal in SQL.
   */
  @Test
  void timesOfMoreDigitsThanFlinkHasAreARange() {
    TableLayout layout = layout(DataTypes.TIME(9));
    FieldReferenceExpression a = field(layout, "a");
    assertThat(summary(layout, call(EQ, a, literal(LocalTime.of(1, 2, 3, 4_000_000)))))
        .isEqualTo("keyRange=[a>=01:02:03.004, a<01:02:03.005]");
    assertThat(summary(layout, call(EQ, a, literal(LocalTime.of(23, 59, 59, 999_000_000)))))
        .isEqualTo("keyRange=[a>=23:59:59.999]");
    assertThat(summary(layout, call(GT, a, literal(LocalTime.of(1, 2, 3, 4_000_000)))))
        .isEqualTo("keyRange=[a>=01:02:03.005]");
  }

  @Test
  void allColumnsOfAKeyAskForTheProduct() {
    TableLayout layout = layout(DataTypes.INT(), DataTypes.STRING());
    FieldReferenceExpression a = field(layout, "a");
    FieldReferenceExpression b = field(layout, "b");
    ResolvedExpression one = call(EQ, a, literal(1));
    ResolvedExpression two = call(EQ, a, literal(2));
    ResolvedExpression x = call(EQ, b, literal("x"));
    ResolvedExpression y = call(EQ, b, literal("y"));
    assertThat(keys(layout, one, x)).containsExactly(Key.of(1, "x"));
    assertThat(keys(layout, call(AND, one, x))).containsExactly(Key.of(1, "x"));
    assertThat(keys(layout, call(OR, one, two), call(OR, x, y)))
        .containsExactly(Key.of(1, "x"), Key.of(1, "y"), Key.of(2, "x"), Key.of(2, "y"));
    assertThat(keys(layout, call(OR, call(AND, one, x), call(AND, two, y))))
        .containsExactly(Key.of(1, "x"), Key.of(2, "y"));
    assertThat(keys(layout, call(OR, one, two), call(OR, one, y), call(OR, x, two), call(OR, x, y)))
        .as("the same condition as Flink writes it")
        .containsExactly(Key.of(1, "x"), Key.of(2, "y"));
    assertThat(keys(layout, one, x, call(EQ, field(layout, "v"), literal(9))))
        .containsExactly(Key.of(1, "x"));
  }

  @Test
  void tooLargeAProductIsARange() {
    TableLayout layout = layout(DataTypes.INT(), DataTypes.INT());
    ResolvedExpression[] columns =
        Stream.of("a", "b")
            .map(
                name ->
                    chain(
                        OR,
                        IntStream.range(0, 101)
                            .mapToObj(i -> call(EQ, field(layout, name), literal(i)))
                            .toList()))
            .toArray(ResolvedExpression[]::new);
    assertThat(summary(layout, columns)).isEqualTo("keyRange=[a>=0, a<101]");
  }

  @Test
  void equalityOfTheFirstColumnsIsAPrefix() {
    TableLayout layout = layout(DataTypes.STRING(), DataTypes.INT(), DataTypes.STRING());
    KeyCodec codec = new KeyCodec(layout.spec().key());
    FieldReferenceExpression b = field(layout, "b");
    ResolvedExpression x = call(EQ, field(layout, "a"), literal("x"));
    ResolvedExpression three = call(EQ, b, literal(3));
    assertThat(summary(layout, x)).isEqualTo("keyPrefix=[a=x]");
    var options = scanned(layout, x).scan(layout, layout.spec().all());
    assertThat(options.from()).isEqualTo(Key.of("x", Integer.MIN_VALUE, ""));
    assertThat(options.to()).isEqualTo(Key.of("x\0", Integer.MIN_VALUE, ""));
    assertThat(codec.compare(options.from(), options.to())).isNegative();

    assertThat(summary(layout, x, three)).isEqualTo("keyPrefix=[a=x, b=3]");
    assertThat(scanned(layout, x, three).scan(layout, layout.spec().all()).to())
        .isEqualTo(Key.of("x", 4, ""));
    assertThat(summary(layout, x, call(GT, b, literal(3)))).isEqualTo("keyRange=[a=x, b>=4]");
    assertThat(scanned(layout, x, call(GT, b, literal(3))).scan(layout, layout.spec().all()).to())
        .as("the end of the prefix")
        .isEqualTo(Key.of("x\0", Integer.MIN_VALUE, ""));
    assertThat(summary(layout, x, call(LT, b, literal(3)))).isEqualTo("keyRange=[a=x, b<3]");
    assertThat(summary(layout, x, call(OR, three, call(EQ, b, literal(7)))))
        .isEqualTo("keyRange=[a=x, b>=3, b<8]");
    assertThat(summary(layout, call(OR, x, call(EQ, field(layout, "a"), literal("z")))))
        .isEqualTo("keyRange=[a>=x, a<=z]");
    assertThat(summary(layout, call(GT, field(layout, "a"), literal("x")), three))
        .isEqualTo("keyRange=[a>x]");
    assertThat(summary(layout, three)).as("not the first column").isEmpty();
    assertThat(summary(layout, x, call(EQ, field(layout, "c"), literal("z"))))
        .isEqualTo("keyPrefix=[a=x]");
  }

  @Test
  void onlyConditionsThatDecideWhatIsReadAreUsed() {
    TableLayout layout = layout(DataTypes.STRING(), DataTypes.INT());
    ResolvedExpression x = call(EQ, field(layout, "a"), literal("x"));
    ResolvedExpression v = call(EQ, field(layout, "v"), literal(1));
    ResolvedExpression b = call(GT, field(layout, "b"), literal(1));
    List<ResolvedExpression> filters = List.of(x, v, b);
    assertThat(PushedFilters.none(layout).and(filters, layout).used(filters, layout))
        .containsExactly(x, b);
    List<ResolvedExpression> second = List.of(v, b);
    assertThat(PushedFilters.none(layout).and(second, layout).used(second, layout)).isEmpty();
  }

  @Test
  void filtersThatArriveOneAfterTheOtherAreCombined() {
    TableLayout layout = layout(DataTypes.STRING(), DataTypes.INT());
    PushedFilters first =
        PushedFilters.none(layout).and(List.of(call(EQ, field(layout, "a"), literal("x"))), layout);
    assertThat(
            first.and(List.of(call(EQ, field(layout, "b"), literal(1))), layout).keys().toString())
        .isEqualTo("keys=[1]");
  }

  @Test
  void dateRangeOfADateColumn() {
    TableLayout layout = layout(DataTypes.DATE());
    assertThat(summary(layout, call(LE, field(layout, "a"), literal(LocalDate.of(2020, 2, 28)))))
        .isEqualTo("keyRange=[a<2020-02-29]");
  }
}

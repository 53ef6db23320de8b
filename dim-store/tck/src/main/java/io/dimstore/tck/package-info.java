/**
 * The conformance kit: {@link io.dimstore.tck.DimensionStoreTck} has a group of tests for each rule
 * R1 to R14 of {@link io.dimstore.spi}, F1 to F5 of {@link io.dimstore.spi.ChangeFeed} and M1 to M4
 * of {@link io.dimstore.spi.Maintenance}. A store runs it with a few lines:
 *
 * <pre>{@code
 * class SomeStoreTckIT extends DimensionStoreTck {
 *   @Override
 *   protected StoreHarness harness() {
 *     return new StoreHarness() {
 *       public String store() { return "some"; }
 *       public Map<String, String> options() { return Map.of("endpoint", "…"); }
 *     };
 *   }
 * }
 * }</pre>
 *
 * <p>The packages are layers, from top to bottom; a package uses only layers below its own:
 *
 * <ol>
 *   <li>this package: the suite, which a store's test extends
 *   <li>{@code internal.table}, {@code internal.feed}, {@code internal.maintenance}: the tests of
 *       the rules R, F and M, a class for each group
 *   <li>{@code internal.fixture}: what these tests share
 *   <li>{@code harness}: how a store's test describes the store; {@code faults}: {@link
 *       io.dimstore.tck.faults.FaultyStore} makes any store fail on demand; {@code architecture}:
 *       {@link io.dimstore.tck.architecture.StoreArchitecture} checks that a store's classes are
 *       internal
 * </ol>
 */
@NullMarked
package io.dimstore.tck;

import org.jspecify.annotations.NullMarked;

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
 * <p>{@link io.dimstore.tck.FaultyStore} makes any store fail on demand. {@link
 * io.dimstore.tck.StoreArchitecture} checks that a store's classes are internal.
 */
@NullMarked
package io.dimstore.tck;

import org.jspecify.annotations.NullMarked;

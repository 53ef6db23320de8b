/**
 * The conformance kit: {@link io.dimstore.tck.DimensionStoreTck} has a group of tests for each rule
 * R1 to R14 of {@link io.dimstore.spi}. A store passes it with a few lines:
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
 * <p>{@link io.dimstore.tck.FaultyStore} makes any store fail on demand, {@link
 * io.dimstore.tck.StoreArchitecture} keeps a store's classes internal.
 */
@NullMarked
package io.dimstore.tck;

import org.jspecify.annotations.NullMarked;

/**
 * What a store's tests give to the kit and take from it: {@link
 * io.dimstore.tck.harness.StoreHarness} describes the store, {@link
 * io.dimstore.tck.harness.Provocation} is what it can make its servers do, {@link
 * io.dimstore.tck.harness.Clause} lists what is tested. This package uses no other package of the
 * kit.
 */
@NullMarked
package io.dimstore.tck.harness;

import org.jspecify.annotations.NullMarked;

/**
 * A decorator that makes any store fail, answer late or answer in part, for tests of code that uses
 * stores. This package uses no other package of the kit.
 */
@NullMarked
package io.dimstore.tck.faults;

import org.jspecify.annotations.NullMarked;

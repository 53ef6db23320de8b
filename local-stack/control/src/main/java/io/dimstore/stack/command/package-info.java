/**
 * The command {@code bin/dimstore stack}: {@code up}, {@code down} and {@code status}, and stacks
 * that go on when the command has ended. May use all other packages except {@code relay}.
 */
@NullMarked
package io.dimstore.stack.command;

import org.jspecify.annotations.NullMarked;

/**
 * The command {@code migrate}: moves a dimension table from one store to another.
 *
 * <p>The packages are layers, from top to bottom; a package uses only layers below its own:
 *
 * <ol>
 *   <li>this package: the commands
 *   <li>{@code step}: the steps that change the modes of the jobs; {@code backfill} and {@code
 *       verify}: the copy and its comparison, libraries that other programs can use; none of the
 *       three uses another; {@code measure}: lookups of both stores; {@code replay}: results of the
 *       feature job
 *   <li>{@code certificate}: what a cut-over was decided by
 *   <li>{@code phase}: the state of a migration, and the runner of its steps
 *   <li>{@code gate}: what must be shown before a step may run; {@code store}: calls and reads that
 *       keep to a pace; {@code hash}: digests of rows
 * </ol>
 */
@NullMarked
package io.dimstore.migration;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The certificate of a cut-over: what was checked, when, by which evidence and with which bound. It
 * uses the gates and the stored state, and no store besides their shared records.
 */
@NullMarked
package io.dimstore.migration.certificate;

import org.jspecify.annotations.NullMarked;

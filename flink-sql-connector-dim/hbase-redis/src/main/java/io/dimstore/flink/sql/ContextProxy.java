// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql;

import io.dimstore.spi.DimensionTable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs each call of a store, of its tables and of their capabilities with the context class loader
 * of the store. Hadoop reads its configuration through that loader, and threads that a call starts
 * inherit it.
 */
final class ContextProxy implements InvocationHandler {

  private final Object target;
  private final ClassLoader loader;

  private ContextProxy(Object target, ClassLoader loader) {
    this.target = target;
    this.loader = loader;
  }

  /**
   * Wraps an object of the SPI.
   *
   * @param type an interface that the result has to implement; it implements no other
   */
  static <T> T of(Class<T> type, T target, ClassLoader loader) {
    return type.cast(
        Proxy.newProxyInstance(
            ContextProxy.class.getClassLoader(),
            new Class<?>[] {type},
            new ContextProxy(Objects.requireNonNull(target), loader)));
  }

  /** Calls a function with a context class loader. */
  static <T> T call(ClassLoader loader, Supplier<T> function) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return function.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getName().equals("equals") && args != null) {
      return proxy == args[0];
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      Object result = method.invoke(target, args);
      if (result instanceof DimensionTable table) {
        return of(DimensionTable.class, table, loader);
      }
      // The argument of capability() is the interface that the caller wants.
      return result instanceof Optional<?> found && args != null && args[0] instanceof Class<?> type
          ? found.map(capability -> capability(type, capability))
          : result;
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private <T> Object capability(Class<T> type, Object capability) {
    return type.isInterface() ? of(type, type.cast(capability), loader) : capability;
  }
}

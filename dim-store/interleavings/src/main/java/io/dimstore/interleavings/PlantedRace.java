// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A copy of a class with a race planted into it. The copy is made at run time from the source of
 * the class by one edit, and has another name. So it always matches the current class: if the edit
 * no longer applies, the test fails.
 *
 * @param name suffix of the broken class's name; says what is broken
 * @param target the class into whose source the race is planted
 * @param pattern regular expression of the text to replace; it must match exactly once
 * @param replacement the replacement
 * @param users classes of the same package through which the scenario uses the target; copies of
 *     them use the broken class
 */
public record PlantedRace(
    String name, Class<?> target, String pattern, String replacement, List<Class<?>> users) {

  /** Creates a race in a class that the scenario uses directly. */
  public PlantedRace(String name, Class<?> target, String pattern, String replacement) {
    this(name, target, pattern, replacement, List.of());
  }

  /**
   * Returns a scenario that uses the broken class instead of the real one. It is compiled from a
   * copy of the scenario's source in which the real class's name is replaced.
   *
   * @param scenario a top-level class in the target's package and in the test sources of the
   *     module, with a constructor without parameters
   */
  public Runnable against(Class<? extends Runnable> scenario) {
    try {
      var constructor = in(scenario).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Runnable) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns a copy of a class that uses the broken class instead of the real one.
   *
   * @param scenario a top-level class in the target's package and in the test sources of the module
   */
  public Class<?> in(Class<?> scenario) {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put(renamed(target), edited(source(target)));
    users.forEach(user -> sources.put(renamed(user), source(user)));
    sources.put(renamed(scenario), source(scenario));
    sources.replaceAll((broken, text) -> renamed(text, scenario));
    return load(compile(sources), scenario);
  }

  private String edited(String source) {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(source);
    long matches = matcher.results().count();
    if (matches != 1) {
      throw new IllegalStateException(
          "The race '%s' cannot be planted into %s: '%s' matches %d times. Adapt its pattern."
              .formatted(name, target.getName(), pattern, matches));
    }
    return matcher.reset().replaceFirst(replacement);
  }

  private String renamed(Class<?> type) {
    return type.getSimpleName() + name;
  }

  private String renamed(String source, Class<?> scenario) {
    List<Class<?>> types = new ArrayList<>(users);
    types.add(target);
    types.add(scenario);
    String text = source;
    for (Class<?> type : types) {
      text = text.replaceAll("\\b" + type.getSimpleName() + "\\b", renamed(type));
    }
    return text;
  }

  private static String source(Class<?> of) {
    String file = "java/" + of.getName().replace('.', '/') + ".java";
    Path main = Path.of("src", "main", file);
    try {
      return Files.readString(Files.exists(main) ? main : Path.of("src", "test", file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, byte[]> compile(Map<String, String> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    Map<String, byte[]> classes = new LinkedHashMap<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<JavaFileObject> units = new ArrayList<>();
      sources.forEach((simple, text) -> units.add(new Source(simple, text)));
      List<String> options =
          List.of("-proc:none", "-g", "-classpath", System.getProperty("java.class.path"));
      boolean compiled =
          compiler.getTask(messages, new Memory(files, classes), null, options, null, units).call();
      if (!compiled) {
        throw new IllegalStateException(
            "The class with the race '" + name + "' does not compile: " + messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return classes;
  }

  private Class<?> load(Map<String, byte[]> classes, Class<?> scenario) {
    String runner = scenario.getPackageName() + "." + renamed(scenario);
    try {
      Lookup lookup = MethodHandles.privateLookupIn(scenario, MethodHandles.lookup());
      Class<?> loaded = null;
      Deque<Map.Entry<String, byte[]>> left = new ArrayDeque<>(classes.entrySet());
      for (int tries = left.size() * left.size(); !left.isEmpty() && tries >= 0; tries--) {
        Map.Entry<String, byte[]> next = left.remove();
        try {
          Class<?> defined = lookup.defineClass(next.getValue());
          loaded = next.getKey().equals(runner) ? defined : loaded;
        } catch (NoClassDefFoundError e) {
          // A supertype is not defined yet.
          left.add(next);
        }
      }
      if (loaded == null) {
        throw new IllegalStateException(runner + " was not compiled");
      }
      return loaded;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String simpleName, String text) {
      super(URI.create("string:///" + simpleName + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps compiled classes in memory. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, byte[]> classes;

    Memory(JavaFileManager files, Map<String, byte[]> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              classes.put(className, toByteArray());
            }
          };
        }
      };
    }
  }
}

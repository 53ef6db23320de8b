package io.dimstore.interleavings;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
 * A class with a race planted into it: its source with one edit, under another name. It cannot
 * drift from the class that it stands for, as a copy would: an edit that no longer applies fails.
 *
 * @param name ends the name of the broken class, and says what is broken
 * @param target the class in whose source the race is planted
 * @param pattern what is edited, a regular expression that matches exactly once
 * @param replacement what comes in its place
 */
public record PlantedRace(String name, Class<?> target, String pattern, String replacement) {

  /**
   * Returns a scenario that runs against the broken class in place of the real one. It is a copy of
   * the scenario's source in which the real class's name is replaced.
   *
   * @param lookup of the package of the target and of the scenario, with private access
   * @param scenario a class at the top level, with a constructor without parameters, in the test
   *     sources of the module
   */
  public Runnable against(Class<? extends Runnable> scenario, Lookup lookup) {
    String broken = target.getSimpleName() + name;
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put(broken, renamed(edited(source("main", target)), broken));
    String runner = scenario.getSimpleName() + name;
    sources.put(
        runner,
        renamed(source("test", scenario), broken)
            .replaceAll("\\b" + scenario.getSimpleName() + "\\b", runner));
    return load(compile(sources), target.getPackageName() + "." + runner, lookup);
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

  private String renamed(String source, String broken) {
    return source.replaceAll("\\b" + target.getSimpleName() + "\\b", broken);
  }

  private static String source(String tree, Class<?> of) {
    Path file = Path.of("src", tree, "java", of.getName().replace('.', '/') + ".java");
    try {
      return Files.readString(file);
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

  private static Runnable load(Map<String, byte[]> classes, String runner, Lookup lookup) {
    try {
      Class<?> loaded = null;
      Deque<Map.Entry<String, byte[]>> left = new ArrayDeque<>(classes.entrySet());
      for (int tries = left.size() * left.size(); !left.isEmpty() && tries >= 0; tries--) {
        Map.Entry<String, byte[]> next = left.remove();
        try {
          Class<?> defined = lookup.defineClass(next.getValue());
          loaded = next.getKey().equals(runner) ? defined : loaded;
        } catch (NoClassDefFoundError e) {
          // A supertype is still to come.
          left.add(next);
        }
      }
      if (loaded == null) {
        throw new IllegalStateException(runner + " was not compiled");
      }
      var constructor = loaded.getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Runnable) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
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

  /** Keeps what is compiled. */
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

namespace MeterLab.Estimators;

/// <summary>How a need of an estimator is looked up on a target; every look-up is harmless.</summary>
public enum NeedKind
{
    /// <summary>a program on the PATH, or where the rig file says it lies</summary>
    Program,

    /// <summary>a file that must be readable; a pattern stands for any of the files it matches</summary>
    ReadableFile,

    /// <summary>a file that must not be there</summary>
    AbsentFile,

    /// <summary>a module that the Python which is started must have; it is looked for, not loaded</summary>
    PythonModule,

    /// <summary>an address whose answer to curl on the target must hold what is expected of it</summary>
    HttpAnswer,
}
